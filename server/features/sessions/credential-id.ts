import type { Viewer } from '../../http/contract/route.js';
import { publicId } from '../../ids.js';

/** The id that the world sees of a session or a personal token. */
export const credentialId = ({ kind, id }: Viewer['credential']) =>
  publicId(kind === 'session' ? 'ses' : 'tok', id);
