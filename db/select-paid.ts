import type { Database, Transaction } from './connect.js';
import { firstPaymentSince } from './first-payment-since.js';
import type { PaymentKind } from './rows.js';

/** What a user has paid: payments of one kind, from a time in microseconds on. */
export type PaidKey = readonly [userId: number, kind: PaymentKind, sinceMicros: number];

/** Both ends of the range of entries are numbers of payments, so that nothing before the time is read. */
const statement = `
  select paid.sum, p.created_at as first from (
    select k.key, coalesce(sum(-e.amount), 0) as sum, min(e.payment_id) as first_id
    from json_each(?) as k
    left join accounts as a on a.user_id = k.value ->> 0
    left join entries as e on e.account_id = a.id and e.kind = k.value ->> 1
      and e.payment_id between k.value ->> 2 and ? and e.amount < 0
    group by k.key
  ) as paid left join payments as p on p.id = paid.first_id order by paid.key`;

/**
 * For each of the keys, in their order, what was paid in minor units, by payments that are not newer than the number
 * `upTo`; and when the first of it was paid, null where nothing was. It is read from the payer's entries, which stand
 * together by kind in the order of payments.
 */
export async function selectPaid(
  database: Database | Transaction,
  keys: readonly PaidKey[],
  upTo: number = Number.MAX_SAFE_INTEGER,
): Promise<{ sum: number; first: number | null }[]> {
  const firstIds = new Map<number, number>();
  for (const [, , micros] of keys) {
    if (!firstIds.has(micros)) {
      firstIds.set(micros, await firstPaymentSince(database, micros));
    }
  }
  const ranges = keys.map(([userId, kind, micros]) => [userId, kind, firstIds.get(micros)]);
  return database.raw(statement, [JSON.stringify(ranges), upTo]);
}
