import type { Database, Transaction } from './connect.js';
import { dialectOf } from './dialect.js';
import { firstPaymentSince } from './first-payment-since.js';
import type { PaymentKind } from './tables/payments.js';

/** What a user has paid: payments of one kind, from a time in microseconds on. */
export type PaidKey = readonly [userId: number, kind: PaymentKind, sinceMicros: number];

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
  const ranges = keys.map(([userId, kind, micros]) => [userId, kind, firstIds.get(micros) ?? null] as const);
  const dialect = dialectOf(database);
  return database.raw(dialect.paid, [dialect.paidKeys(ranges), upTo]);
}
