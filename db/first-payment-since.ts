import assert from 'node:assert/strict';
import type { Database, Transaction } from './connect.js';
import { type Dialect, dialectOf } from './dialect.js';

/** Halves the numbers, which have no gaps and whose times never run backwards: no index of times is needed. */
const statement = `
  with recursive newest(id) as (select coalesce(max(id), 0) from payments),
  span(low, high) as (
    select cast(1 as bigint), id + 1 from newest
    union all
    select
      case when m.created_at >= :micros then low else (low + high) / 2 + 1 end,
      case when m.created_at >= :micros then (low + high) / 2 else high end
    from span join payments as m on m.id = (low + high) / 2 where low < high
  )
  select low as first from span where low >= high`;

/** The least number of a payment that is no older than the time, in microseconds; one more than the newest where all are older. */
export async function firstPaymentSince(readers: Database | Transaction, micros: number): Promise<number> {
  const [found]: { first: number }[] = await readers.raw(statement, { micros });
  if (found === undefined) {
    throw new Error('The numbers of payments have a gap.');
  }
  return found.first;
}

/** The statement for many times, within the numbers from `low` to `high`. */
const statementOfMany = ({ pairs }: Dialect) => `
  with recursive span(place, micros, low, high) as (
    select place, first, cast(:low as bigint), cast(:high as bigint) from ${pairs(':moments')}
    union all
    select
      place,
      micros,
      case when m.created_at >= micros then low else (low + high) / 2 + 1 end,
      case when m.created_at >= micros then (low + high) / 2 else high end
    from span join payments as m on m.id = (low + high) / 2 where low < high
  )
  select low as first from span where low >= high order by place`;

/**
 * For each of the times, in their order, the least number of a payment that is no older. Those of the first and the last time
 * are found first, so that what lies outside of them costs the others nothing, however much it is.
 */
export async function firstPaymentsSince(
  readers: Database | Transaction,
  moments: readonly number[],
): Promise<readonly number[]> {
  if (moments.length === 0) {
    return [];
  }
  const [low, high] = await Promise.all([
    firstPaymentSince(readers, Math.min(...moments)),
    firstPaymentSince(readers, Math.max(...moments)),
  ]);
  const found: { first: number }[] = await readers.raw(statementOfMany(dialectOf(readers)), {
    low,
    high: Math.max(low, high),
    moments: JSON.stringify(moments.map((micros) => [micros, micros])),
  });
  assert(found.length === moments.length, 'the numbers of payments have no gap');
  return found.map(({ first }) => first);
}
