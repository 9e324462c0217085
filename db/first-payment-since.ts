import type { Database, Transaction } from './connect.js';

/**
 * The least number of a payment that is no older than the time, in microseconds; one more than the newest where all
 * are. Numbers have no gaps and times never run backwards, so that it is found by halving, without an index of times.
 */
const statement = `
  with recursive newest(id) as (select coalesce(max(id), 0) from payments),
  span(low, high) as (
    select 1, id + 1 from newest
    union all
    select
      case when m.created_at >= :micros then low else (low + high) / 2 + 1 end,
      case when m.created_at >= :micros then (low + high) / 2 else high end
    from span join payments as m on m.id = (low + high) / 2 where low < high
  )
  select low as first from span where low >= high`;

export async function firstPaymentSince(readers: Database | Transaction, micros: number): Promise<number> {
  const [found]: { first: number }[] = await readers.raw(statement, { micros });
  if (found === undefined) {
    throw new Error('The numbers of payments have a gap.');
  }
  return found.first;
}
