import type { Since, Sum } from './lookup.js';

export type Row = Readonly<Record<string, string | number | null>>;

/** One way of looking rows up, by a set of columns: which values were read, and which rows have them. */
interface Index {
  readonly columns: readonly string[];
  readonly loaded: Set<string>;
  readonly keysOf: Map<string, Set<string>>;
}

/** The rows of one table that a book knows, and what was changed of them. */
export interface BookTable {
  readonly rows: Map<string, Row>;
  /** What the database had of each sum that was read. */
  readonly sums: Map<string, Sum>;
  /** By their columns; the primary key's is among them. */
  readonly indexes: Map<string, Index>;
  readonly byKey: Index;
  readonly inserted: Map<string, Row>;
  readonly updated: Map<string, Row>;
  readonly changedColumns: Set<string>;
}

/** No text in the database holds U+0000, so null has a key of its own. */
const valueKey = (value: string | number | null | undefined) => (value === null ? '\0' : String(value));

const valuesKey = (row: Row, columns: readonly string[]) =>
  columns.map((column) => valueKey(row[column])).join('\0\0');

/** A table of which nothing is known yet, by the columns of its primary key. */
export function makeBookTable(primaryKey: readonly string[]): BookTable {
  const byKey: Index = { columns: primaryKey, loaded: new Set(), keysOf: new Map() };
  return {
    rows: new Map(),
    sums: new Map(),
    indexes: new Map([[primaryKey.join(), byKey]]),
    byKey,
    inserted: new Map(),
    updated: new Map(),
    changedColumns: new Set(),
  };
}

export const rowKey = ({ byKey }: BookTable, row: Row) => valuesKey(row, byKey.columns);

/** The way of looking up by these columns, and what their values are called in it, and when they count as loaded. */
export function indexFor(
  table: BookTable,
  where: object,
  since?: Since,
): { readonly index: Index; readonly key: string; readonly loadedKey: string } {
  const columns = Object.keys(where);
  const shape = columns.join();
  let index = table.indexes.get(shape);
  if (!index) {
    index = { columns, loaded: new Set(), keysOf: new Map() };
    table.indexes.set(shape, index);
    for (const [key, row] of table.rows) {
      addTo(index, row, key);
    }
  }
  const key = valuesKey(where as Row, columns);
  return { index, key, loadedKey: since ? `${key}\0\0${since.column}>=${since.from}` : key };
}

/** Puts a row in the place of the one with its primary key, and gives that key. */
export function putRow(table: BookTable, row: Row): string {
  const key = rowKey(table, row);
  const before = table.rows.get(key);
  for (const index of table.indexes.values()) {
    if (before) {
      removeFrom(index, before, key);
    }
    addTo(index, row, key);
  }
  table.rows.set(key, row);
  // A row that is in the book is known by its primary key, however it was found.
  table.byKey.loaded.add(key);
  return key;
}

export function removeRow(table: BookTable, key: string): void {
  const row = table.rows.get(key);
  if (row) {
    for (const index of table.indexes.values()) {
      removeFrom(index, row, key);
    }
    table.rows.delete(key);
  }
}

function addTo(index: Index, row: Row, key: string): void {
  const values = valuesKey(row, index.columns);
  const keys = index.keysOf.get(values);
  if (keys) {
    keys.add(key);
  } else {
    index.keysOf.set(values, new Set([key]));
  }
}

function removeFrom(index: Index, row: Row, key: string): void {
  index.keysOf.get(valuesKey(row, index.columns))?.delete(key);
}
