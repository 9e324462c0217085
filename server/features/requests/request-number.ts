import * as z from 'zod';
import { rowNumber } from '../../ids.js';
import { idSchema } from '../../money/fields.js';
import { requestNotFound } from './find-request.js';

/** The parameters of a path that names a request. */
export const idParams = z.strictObject({ id: idSchema('request') });

/** The number of the request that the path names. Throws NOT_FOUND for an id that is none. */
export function numberIn({ id }: { readonly id: string }): number {
  const number = rowNumber('req', id);
  if (number === undefined) {
    throw requestNotFound();
  }
  return number;
}
