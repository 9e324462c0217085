import type { AccountRow } from '../../../../db/tables/users.js';
import { type IdPrefix, publicId } from '../../../ids.js';

/** The name of a row: by the id that the world sees, where what stands there can be one. */
export function idText(prefix: IdPrefix, id: unknown): string {
  return typeof id === 'number' && Number.isSafeInteger(id) && id > 0
    ? publicId(prefix, id)
    : `${prefix} ${id}`;
}

/** The name of an account, which has no id that the world sees. */
export function accountText({ kind, user_id, currency }: AccountRow): string {
  return user_id === null ? `the ${kind} account of ${currency}` : `the account of ${idText('usr', user_id)}`;
}
