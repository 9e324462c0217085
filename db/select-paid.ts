import assert from 'node:assert/strict';
import type { Database, Transaction } from './connect.js';
import { dialectOf } from './dialect.js';
import { firstPaymentSince } from './first-payment-since.js';
import type { PaymentKind } from './tables/payments.js';

/** What a user has paid: payments of one kind, from a time in microseconds on. */
export type PaidKey = readonly [userId: number, kind: PaymentKind, sinceMicros: number];

/** The sum of what a user has paid, in minor units, by the payments of these numbers. */
export interface PaidSum {
  readonly sum: number;
  readonly from: number;
  readonly upTo: number;
}

/** The sum since a time, and when the first of it was paid; null where nothing was. */
export interface PaidSince extends PaidSum {
  readonly first: number | null;
}

/** The least number of a payment that is no older than the time of each key. */
async function firstNumbers(
  database: Database | Transaction,
  keys: readonly PaidKey[],
): Promise<readonly number[]> {
  const found = new Map<number, number>();
  for (const [, , micros] of keys) {
    if (!found.has(micros)) {
      found.set(micros, await firstPaymentSince(database, micros));
    }
  }
  return keys.map(([, , micros]) => {
    const first = found.get(micros);
    assert(first !== undefined, 'Each time was looked for.');
    return first;
  });
}

/** The sum to begin with: the one that is known, where what it counts reaches into what is asked for; otherwise that of nothing. */
function beginning(known: PaidSum | undefined, from: number, upTo: number): PaidSum {
  return known && known.from <= from && known.upTo >= from - 1 && known.upTo <= upTo
    ? known
    : { sum: 0, from, upTo: from - 1 };
}

/**
 * For each of the keys, in their order, what was paid by payments that are not newer than the number `upTo`. It is read from the
 * payer's entries, which stand together by kind in the order of payments; where a sum is known, only those are that have come
 * since then, and those that do not count any more.
 */
export async function selectPaid(
  database: Database | Transaction,
  keys: readonly PaidKey[],
  upTo: number = Number.MAX_SAFE_INTEGER,
  knownOf: (key: PaidKey) => PaidSum | undefined = () => undefined,
): Promise<readonly PaidSince[]> {
  const froms = await firstNumbers(database, keys);
  const asked = keys.map((key, index) => {
    const from = froms[index] as number;
    return { key, from, known: beginning(knownOf(key), from, upTo) };
  });
  const dialect = dialectOf(database);
  const ranges = asked.map(({ key: [userId, kind], from, known }) => [
    ...[userId, kind, known.from, from, known.upTo, upTo],
  ]);
  const found: { change: number; first: number | null }[] = await database.raw(dialect.paid, [
    dialect.paidKeys(ranges),
  ]);
  assert(found.length === keys.length, 'Each key has its sum.');
  return found.map(({ change, first }, index) => {
    const { known, from } = asked[index] as (typeof asked)[number];
    return { sum: known.sum + change, first, from, upTo };
  });
}
