import type { ChangedRows } from './batch.js';
import { changedColumns, changedRows, paymentBatch } from './batch-view.js';
import type { WrittenColumn } from './postgres/batch-function.js';
import type { TableName } from './rows.js';
import { tables } from './tables.js';

/** A column of rows that a batch of payments inserts or changes. */
interface BatchColumn extends WrittenColumn {
  readonly table: TableName;
  readonly isBytes: boolean;
}

const columnsOf = (table: TableName, rows: string, columns: readonly string[]): readonly BatchColumn[] =>
  columns.map((column) => ({
    ...{ table, rows, column },
    isBytes: (tables[table].bytes as readonly string[]).includes(column),
  }));

/** The columns of what payments write, a list for the rows of each table, in the order in which they refer to each other. */
export const columnsOfPayments = {
  inserted: paymentBatch.inserted.map((table) => columnsOf(table, table, tables[table].columns)),
  changed: paymentBatch.changed.map((table) => columnsOf(table, changedRows(table), changedColumns(table))),
};

type Row = Readonly<Record<string, string | number | null>>;

const special = /["\\]/g;

function element(value: string | number | null | undefined, isBytes: boolean): string | number {
  if (typeof value === 'number') {
    return value;
  }
  if (value === null || value === undefined) {
    return 'NULL';
  }
  return isBytes ? `"\\\\x${value}"` : `"${value.replace(special, '\\$&')}"`;
}

/** The values of a column as PostgreSQL reads an array. */
function arrayOf(rows: readonly object[], { column, isBytes }: BatchColumn): string {
  let text = '{';
  for (const [index, row] of rows.entries()) {
    text += `${index === 0 ? '' : ','}${element((row as Row)[column], isBytes)}`;
  }
  return `${text}}`;
}

const { inserted, changed } = columnsOfPayments;
const insertable = new Set(inserted.map(([first]) => first?.table));
const changeable = new Set(changed.map(([first]) => first?.table));

/** Whether a batch does no more than payments do. */
export const isOfPayments = (changes: readonly ChangedRows[]): boolean =>
  changes.every(
    (change) =>
      (change.inserted.length === 0 || insertable.has(change.table)) &&
      (change.updated.length === 0 || changeable.has(change.table)),
  );

/** The values of all columns, each as one array. */
export function paymentArrays(changes: readonly ChangedRows[]): readonly string[] {
  const of = (table: TableName | undefined) => changes.find((change) => change.table === table);
  return [
    ...inserted.flatMap((columns) => {
      const rows = of(columns[0]?.table)?.inserted ?? [];
      return columns.map((column) => arrayOf(rows, column));
    }),
    ...changed.flatMap((columns) => {
      const rows = of(columns[0]?.table)?.updated ?? [];
      return columns.map((column) => arrayOf(rows, column));
    }),
  ];
}
