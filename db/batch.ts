import assert from 'node:assert/strict';
import {
  type BatchView,
  batchColumns,
  changedColumns,
  changedRows,
  everyBatch,
  paymentBatch,
  writeInto,
} from './batch-view.js';
import type { Database, Transaction } from './connect.js';
import { logOf } from './logged-rows.js';
import { columnsOfPayments, isOfPayments, paymentArrays } from './payment-columns.js';
import type { TableName } from './rows.js';
import type { EventRow } from './tables/events.js';
import { tables } from './tables.js';

/** The rows of one table that a batch adds and changes. */
export interface ChangedRows {
  readonly table: TableName;
  readonly inserted: readonly object[];
  /** Whole rows; what of them may change is what the table's form says. */
  readonly updated: readonly object[];
}

type Value = string | number | null;

/** One statement that writes a batch. */
export interface BatchStatement {
  readonly sql: string;
  /** What it is bound, when `commits` is how many batches all writers had committed where it was decided. */
  valuesOver(commits: number): Value[];
}

const newestEvent = ({ table, inserted }: ChangedRows): number | undefined =>
  table === 'events' ? (inserted.at(-1) as EventRow | undefined)?.id : undefined;

const valuesOf = (rows: readonly object[], columns: readonly string[]): string =>
  JSON.stringify(rows.map((row) => columns.map((column) => (row as Record<string, Value>)[column])));

/** A view with its statement and the columns that follow the count of commits, made once. */
function prepared(view: BatchView) {
  const [first, ...columns] = batchColumns(view);
  assert.equal(first, 'commits');
  return { sql: writeInto(view), columns };
}

const ofEvery = prepared(everyBatch);
const ofPayments = prepared(paymentBatch);
const columnsOfPaymentView = new Set(ofPayments.columns);

/** The statement whose first value is the count of commits. */
const statementOf = (sql: string, others: readonly Value[]): BatchStatement => ({
  sql,
  valuesOver: (commits) => [commits, ...others],
});

function sqliteBatch(changes: readonly ChangedRows[]): BatchStatement {
  const byColumn = new Map<string, Value>();
  for (const change of changes) {
    const { table, inserted, updated } = change;
    const newest = newestEvent(change);
    if (newest !== undefined) {
      byColumn.set('newest_event', newest);
    }
    if (inserted.length > 0) {
      byColumn.set(table, valuesOf(inserted, tables[table].columns));
    }
    if (updated.length > 0) {
      byColumn.set(changedRows(table), valuesOf(updated, changedColumns(table)));
    }
  }
  const isOnlyPayments = [...byColumn.keys()].every((column) => columnsOfPaymentView.has(column));
  const { sql, columns } = isOnlyPayments ? ofPayments : ofEvery;
  return statementOf(
    sql,
    columns.map((column) => byColumn.get(column) ?? null),
  );
}

/** Rows as PostgreSQL reads them from JSON: by the names of their columns, bytes as it writes them itself. */
function namedRows(table: TableName, rows: readonly object[], columns: readonly string[]): readonly object[] {
  const bytes: readonly string[] = tables[table].bytes;
  return rows.map((row) =>
    Object.fromEntries(
      columns.map((column) => {
        const value = (row as Record<string, Value>)[column];
        return [column, bytes.includes(column) ? `\\x${value}` : value];
      }),
    ),
  );
}

const arraysOfPayments = [...columnsOfPayments.inserted, ...columnsOfPayments.changed].flat().length;
const writePayments = `select write_payments(?, ?, ?${', ?'.repeat(arraysOfPayments)})`;

function postgresBatch(changes: readonly ChangedRows[], isFollowed: boolean): BatchStatement {
  const log = isFollowed ? logOf(changes) : null;
  if (isOfPayments(changes)) {
    const newest = changes.map(newestEvent).find((number) => number !== undefined);
    return statementOf(writePayments, [newest ?? null, log, ...paymentArrays(changes)]);
  }
  const batch: Record<string, unknown> = {};
  for (const change of changes) {
    const { table, inserted, updated } = change;
    const newest = newestEvent(change);
    if (newest !== undefined) {
      batch.newest_event = newest;
    }
    if (inserted.length > 0) {
      batch[table] = namedRows(table, inserted, tables[table].columns);
    }
    if (updated.length > 0) {
      batch[changedRows(table)] = namedRows(table, updated, changedColumns(table));
    }
  }
  return statementOf('select write_batch(?, ?, ?)', [JSON.stringify(batch), log]);
}

/**
 * The statement that writes all that a batch changes, in one trip to the database and one transaction. It refuses a batch that
 * was decided over books that have moved since. `isFollowed` where other writers are known, who read in the log what it does.
 */
export function batchStatement(
  { client }: Pick<Database | Transaction, 'client'>,
  changes: readonly ChangedRows[],
  isFollowed = false,
): BatchStatement {
  return client.dialect === 'postgresql' ? postgresBatch(changes, isFollowed) : sqliteBatch(changes);
}
