import type { Database, Transaction } from './connect.js';

type Value = string | number | null;

const quoted = (name: string) => `"${name}"`;

/**
 * The rows whose `columns` equal any of `keys`, in one statement of constant text; null equals null. With
 * `sinceColumn`, only those where it is at least the value that stands last in the key.
 * The order of the rows is not defined.
 */
export function selectMatching<Row>(
  database: Database | Transaction,
  table: string,
  columns: readonly string[],
  keys: readonly (readonly Value[])[],
  sinceColumn?: string,
): Promise<Row[]> {
  const match = columns.map((column, index) => `t.${quoted(column)} is k.value ->> ${index}`).join(' and ');
  // A cross join makes SQLite read the keys first and look each up by the index of the table.
  const since =
    sinceColumn === undefined ? '' : ` and t.${quoted(sinceColumn)} >= k.value ->> ${columns.length}`;
  const sql = `select t.* from json_each(?) as k cross join ${quoted(table)} as t where ${match}${since}`;
  return Promise.resolve(database.raw(sql, [JSON.stringify(keys)]));
}

/**
 * For each of `keys`, in their order, the sum of one column over the rows whose `columns` equal it and whose column
 * `since` is at least the value that stands last in it, and the least value of that column; one statement of constant text.
 */
export function selectSums(
  database: Database | Transaction,
  table: string,
  {
    columns,
    since,
    sum,
  }: { readonly columns: readonly string[]; readonly since: string; readonly sum: string },
  keys: readonly (readonly Value[])[],
): Promise<{ sum: number; first: number | null }[]> {
  const match = columns.map((column, index) => `t.${quoted(column)} is k.value ->> ${index}`).join(' and ');
  const sql =
    `select coalesce(sum(t.${quoted(sum)}), 0) as sum, min(t.${quoted(since)}) as first ` +
    `from json_each(?) as k left join ${quoted(table)} as t ` +
    `on ${match} and t.${quoted(since)} >= k.value ->> ${columns.length} group by k.key order by k.key`;
  return Promise.resolve(database.raw(sql, [JSON.stringify(keys)]));
}

/** Writes the rows, all of which have the columns of the first, in one statement. */
export async function insertRows(trx: Transaction, table: string, rows: readonly object[]): Promise<void> {
  const columns = Object.keys(rows[0] ?? {});
  const values = rows.map((row) => columns.map((column) => (row as Record<string, Value>)[column]));
  const picked = columns.map((_, index) => `value ->> ${index}`).join(', ');
  const sql = `insert into ${quoted(table)} (${columns.map(quoted).join(', ')}) select ${picked} from json_each(?)`;
  await trx.raw(sql, [JSON.stringify(values)]);
}

/**
 * Sets `columns` of the rows that `keyColumns` name, in one statement. Throws when a row is not there: what was read
 * in this transaction cannot be gone.
 */
export async function updateRows(
  trx: Transaction,
  table: string,
  keyColumns: readonly string[],
  columns: readonly string[],
  rows: readonly object[],
): Promise<void> {
  const all = [...keyColumns, ...columns];
  const values = rows.map((row) => all.map((column) => (row as Record<string, Value>)[column]));
  const sets = columns.map((column, index) => `${quoted(column)} = k.value ->> ${keyColumns.length + index}`);
  const match = keyColumns.map((column, index) => `t.${quoted(column)} = k.value ->> ${index}`);
  const sql =
    `update ${quoted(table)} as t set ${sets.join(', ')} from json_each(?) as k ` +
    `where ${match.join(' and ')} returning 1`;
  const changed: unknown[] = await trx.raw(sql, [JSON.stringify(values)]);
  if (changed.length !== rows.length) {
    throw new Error(`${rows.length} rows of ${table} were to change, ${changed.length} did.`);
  }
}
