import type { Database, Transaction } from '../../../db/connect.js';
import { dialectOf } from '../../../db/dialect.js';
import type { Rows, TableName } from '../../../db/rows.js';
import { tables } from '../../../db/tables.js';

const bytesOf = (table: TableName): readonly string[] => tables[table].bytes;

const isHash = (value: unknown): value is string => typeof value === 'string' && /^[0-9a-f]*$/.test(value);

/** A row as its table holds it: hashes in bytes. */
export function storedRow(table: TableName, row: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(row).map(([column, value]) => [
      column,
      bytesOf(table).includes(column) && isHash(value) ? Buffer.from(value, 'hex') : value,
    ]),
  );
}

/** The rows of a table in the order of its key, hashes in hexadecimal. */
export async function readRows<Table extends TableName>(
  database: Database | Transaction,
  table: Table,
): Promise<Rows[Table][]> {
  const { hex } = dialectOf(database);
  const columns = tables[table].columns.map((column) =>
    bytesOf(table).includes(column) ? `${hex(`"${column}"`)} as "${column}"` : `"${column}"`,
  );
  const key = tables[table].primaryKey.join(', ');
  const rows = await database.raw<readonly unknown[]>(
    `select ${columns.join(', ')} from "${table}" order by ${key}`,
  );
  return rows as Rows[Table][];
}
