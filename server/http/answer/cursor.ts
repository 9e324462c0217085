import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import stringify from 'safe-stable-stringify';
import { Refusal } from '../../errors.js';

export type Filters = Readonly<Record<string, unknown>>;

/** The request for a page of a list. */
export interface PageRequest {
  /** The name of the list, so that a cursor of one does not pass in another. */
  readonly list: string;
  readonly userId: number;
  readonly cursor: string | undefined;
  /** The filters beside the cursor, without `cursor` and `limit`. */
  readonly filters: Filters;
}

export interface Cursors {
  /** The place where the page begins (undefined at the front) and its filters. Throws INVALID_CURSOR. */
  read(request: PageRequest): { readonly after: string | undefined; readonly filters: Filters };
  /** The cursor of the page that begins after the id. */
  write(request: Pick<PageRequest, 'list' | 'userId' | 'filters'>, after: string): string;
}

const invalidCursor = () =>
  new Refusal(
    'INVALID_CURSOR',
    'The cursor is not one of this list with these filters. Ask again without it.',
    {
      errors: [{ field: 'cursor', message: 'is not one of this list with these filters' }],
    },
  );

const hasAny = (filters: Filters) => Object.values(filters).some((value) => value !== undefined);

/** Cursors signed with a key that is derived from the server's secret, so that nobody can make one up. */
export function makeCursors(secret: string): Cursors {
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'pay cursors', 32));
  const sign = (payload: string) =>
    `${payload}.${createHmac('sha256', key).update(payload).digest().subarray(0, 16).toString('base64url')}`;

  function open(cursor: string): { list: string; userId: number; filters: Filters; after: string } {
    const payload = cursor.split('.')[0] ?? '';
    const given = Buffer.from(cursor);
    const expected = Buffer.from(sign(payload));
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
      throw invalidCursor();
    }
    return JSON.parse(Buffer.from(payload, 'base64url').toString());
  }

  return {
    read({ list, userId, cursor, filters }) {
      if (cursor === undefined) {
        return { after: undefined, filters };
      }
      const opened = open(cursor);
      const isSame = !hasAny(filters) || stringify(filters) === stringify(opened.filters);
      if (opened.list !== list || opened.userId !== userId || !isSame) {
        throw invalidCursor();
      }
      return { after: opened.after, filters: opened.filters };
    },
    write({ list, userId, filters }, after) {
      return sign(Buffer.from(JSON.stringify({ list, userId, filters, after })).toString('base64url'));
    },
  };
}
