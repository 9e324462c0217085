import { publicId, rowNumber } from '../../ids.js';

/** The number before that of every event: whoever reads on from it gets all there are. */
export const beforeAllEvents = 0;

/** The id that a stream begins after where its reader has no event. */
export const idBeforeAllEvents = publicId('evt', beforeAllEvents);

/** The number of the event with this id; undefined where the text has not the form of one. */
export const eventNumber = (id: string): number | undefined => rowNumber('evt', id);
