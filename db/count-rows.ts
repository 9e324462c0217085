import type { Knex } from 'knex';
import type { Database } from './connect.js';

/** How many rows a query gives, its own limit included; what it selects and in which order is left out. */
export async function countRows(readers: Database, query: Knex.QueryBuilder): Promise<number> {
  const rows = query.clone().clearSelect().clearOrder().select(readers.raw('1'));
  const [row]: { count: number }[] = await readers.from(rows.as('r')).count({ count: '*' });
  return row?.count ?? 0;
}
