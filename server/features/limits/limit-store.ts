import type { Knex } from 'knex';
import type { Database } from '../../../db/connect.js';
import { countRows } from '../../../db/count-rows.js';
import { type PaidKey, selectPaid } from '../../../db/select-paid.js';
import type { LimitRow, UserRow } from '../../../db/tables/users.js';
import { addUp, countedKinds, type Paid, startOfDay } from './day.js';
import { type Limits, limitSubjects, limitsOf } from './limits.js';

type Payer = Pick<UserRow, 'id' | 'currency'>;

/** The limits that hold for a user. */
export async function readLimits(readers: Database, payer: Payer): Promise<Limits> {
  const rows = await readers<LimitRow>('limits').whereIn('subject', limitSubjects(payer));
  const [own, ofCurrency] = limitSubjects(payer).map((subject) =>
    rows.find((row) => row.subject === subject),
  );
  return limitsOf(own, ofCurrency);
}

/** The payments of a user within the last day that count, added up; `now` in microseconds. */
export async function readPaid(readers: Database, payerId: number, now: number): Promise<Paid> {
  const keys = countedKinds.map((kind): PaidKey => [payerId, kind, startOfDay(now)]);
  return addUp(await selectPaid(readers, keys));
}

export interface ListedLimit extends LimitRow {
  /** The user whose limit it is; null for that of all who hold the currency. */
  readonly username: string | null;
}

function limitsQuery(
  readers: Database,
  username: string | undefined,
  { after, limit }: { readonly after: string | undefined; readonly limit: number },
): Knex.QueryBuilder {
  const query = readers('limits as l')
    .leftJoin('users as u', 'u.id', 'l.user_id')
    .where((either) => either.whereNotNull('l.per_payment').orWhereNotNull('l.per_day'))
    .select('l.*', 'u.username')
    .orderBy('l.subject')
    .limit(limit);
  if (username !== undefined) {
    query.where('u.username_key', username);
  }
  if (after !== undefined) {
    query.where('l.subject', '>', after);
  }
  return query;
}

/** The limits that are set: first those of currencies, by their codes, then of users in the order in which they came; from after `after`. */
export async function listLimits(...asked: Parameters<typeof limitsQuery>): Promise<readonly ListedLimit[]> {
  return limitsQuery(...asked);
}

export const countLimits = (...asked: Parameters<typeof limitsQuery>): Promise<number> =>
  countRows(asked[0], limitsQuery(...asked));
