import type { ChangedRows } from './batch.js';
import { changedRows } from './batch-view.js';
import type { TableName } from './rows.js';
import { tableNames, tables } from './tables.js';

/**
 * The columns that others follow a table by, where those are not all: of what no writer keeps from one batch to the next they need
 * what is recalled of it, or whom it concerns. Of entries, and of a chain that is another's, they need nothing.
 */
const followedBy: Partial<Record<TableName, readonly string[]>> = {
  payments: ['id', 'from_user_id', 'to_user_id', 'act', 'created_at'],
  entries: [],
  idempotency_keys: ['user_id', 'key'],
  requests: ['id', 'expires_at'],
  events: ['user_id', 'id'],
  chain_heads: [],
};

const columnsOf = (table: TableName): readonly string[] => followedBy[table] ?? tables[table].columns;

type Value = string | number | null;
type LoggedRow = readonly Value[];

/** Rows as lists of values, under the names that a batch has them by. */
export type LoggedBatch = Readonly<Record<string, readonly LoggedRow[] | undefined>>;

function loggedRows(table: TableName, rows: readonly object[]): readonly LoggedRow[] {
  const columns = columnsOf(table);
  return rows.map((row) => columns.map((column) => (row as Record<string, Value>)[column] ?? null));
}

/** What others follow a batch by, as the text that the log holds of it. */
export function logOf(changes: readonly ChangedRows[]): string {
  const logged: Record<string, readonly LoggedRow[]> = {};
  for (const { table, inserted, updated } of changes) {
    if (columnsOf(table).length === 0) {
      continue;
    }
    if (inserted.length > 0) {
      logged[table] = loggedRows(table, inserted);
    }
    if (updated.length > 0) {
      logged[changedRows(table)] = loggedRows(table, updated);
    }
  }
  return JSON.stringify(logged);
}

function rowsOf(table: TableName, logged: readonly LoggedRow[] = []): readonly object[] {
  const columns = columnsOf(table);
  return logged.map((values) => {
    const row: Record<string, Value> = {};
    for (const [index, column] of columns.entries()) {
      row[column] = values[index] ?? null;
    }
    return row;
  });
}

/** What a batch has done, as far as the log tells of it. */
export const changesOf = (batch: LoggedBatch): readonly ChangedRows[] =>
  tableNames
    .map((table) => ({
      table,
      inserted: rowsOf(table, batch[table]),
      updated: rowsOf(table, batch[changedRows(table)]),
    }))
    .filter(({ inserted, updated }) => inserted.length + updated.length > 0);
