import { type ChainHeadRow, primaryKeys, type Rows, type TableName } from '../../db/rows.js';
import {
  type BookTable,
  indexFor,
  makeBookTable,
  putRow,
  type Row,
  removeRow,
  rowKey,
} from './book-table.js';
import { type Lookup, lookup, type Since, type Sum } from './lookup.js';

export interface TableChanges {
  readonly table: TableName;
  readonly inserted: readonly object[];
  readonly updated: readonly object[];
  /** Every column that some updated row has a new value in. */
  readonly changedColumns: readonly string[];
}

const sumKey = ({ where, since, sum }: Lookup) => JSON.stringify([where, since, sum]);

/**
 * What a batch of decisions knows and has decided so far: rows as they were read, with the changes over them. Reading
 * what was not loaded is a mistake of a rule and throws. A decision that refuses is rolled back to where it began.
 */
export class Book {
  readonly #tables = new Map<TableName, BookTable>();
  readonly #undo: (() => void)[] = [];

  /** `heads` is where the writer's own chains end. */
  constructor(heads: readonly ChainHeadRow[]) {
    for (const head of heads) {
      this.load([lookup('chain_heads', { name: head.name })], [head]);
    }
  }

  /** Where the writer's chain of this name ends. */
  head(name: ChainHeadRow['name']): ChainHeadRow {
    return this.get('chain_heads', { name });
  }

  #table(name: TableName): BookTable {
    let table = this.#tables.get(name);
    if (!table) {
      table = makeBookTable(primaryKeys[name]);
      this.#tables.set(name, table);
    }
    return table;
  }

  isLoaded(read: Lookup): boolean {
    const table = this.#table(read.table);
    if (read.sum !== undefined) {
      return table.sums.has(sumKey(read));
    }
    const { index, loadedKey } = indexFor(table, read.where, read.since);
    return index.loaded.has(loadedKey);
  }

  /** Takes in what the database has for these lookups, all by the same columns of one table; of sums one for each. */
  load(lookups: readonly Lookup[], rows: readonly object[]): void {
    for (const [position, read] of lookups.entries()) {
      if (read.sum !== undefined) {
        this.#table(read.table).sums.set(sumKey(read), rows[position] as Sum);
      }
    }
    if (lookups[0]?.sum === undefined) {
      this.#loadRows(lookups, rows);
    }
  }

  #loadRows(lookups: readonly Lookup[], rows: readonly object[]): void {
    for (const { table, where, since } of lookups) {
      const { index, loadedKey } = indexFor(this.#table(table), where, since);
      index.loaded.add(loadedKey);
    }
    const name = lookups[0]?.table;
    for (const row of rows as readonly Row[]) {
      const known = name && this.#table(name);
      if (known && !known.rows.has(rowKey(known, row))) {
        putRow(known, row);
      }
    }
  }

  /** The rows that match, changes of this batch included; undefined when they were not loaded. */
  peekAll<Name extends TableName>(
    name: Name,
    where: Partial<Rows[Name]>,
    since?: Since,
  ): readonly Rows[Name][] | undefined {
    const table = this.#table(name);
    const { index, key, loadedKey } = indexFor(table, where, since);
    if (!index.loaded.has(loadedKey)) {
      return undefined;
    }
    const rows = [...(index.keysOf.get(key) ?? [])].map((one) => table.rows.get(one) as Row);
    const found = since ? rows.filter((row) => Number(row[since.column]) >= since.from) : rows;
    return found as unknown as readonly Rows[Name][];
  }

  /** The one row that matches, or undefined when there is none or it was not loaded. */
  peek<Name extends TableName>(name: Name, where: Partial<Rows[Name]>): Rows[Name] | undefined {
    return this.peekAll(name, where)?.[0];
  }

  /** The rows that match. Throws when they were not loaded. */
  findAll<Name extends TableName>(
    name: Name,
    where: Partial<Rows[Name]>,
    since?: Since,
  ): readonly Rows[Name][] {
    const rows = this.peekAll(name, where, since);
    if (!rows) {
      throw new Error(`A rule looked for ${name} ${JSON.stringify(where)} without saying that it reads it.`);
    }
    return rows;
  }

  /** The one row that matches, or undefined. Throws when that was not loaded. */
  find<Name extends TableName>(name: Name, where: Partial<Rows[Name]>): Rows[Name] | undefined {
    return this.findAll(name, where)[0];
  }

  /** The one row that matches. Throws when there is none. */
  get<Name extends TableName>(name: Name, where: Partial<Rows[Name]>): Rows[Name] {
    const row = this.find(name, where);
    if (!row) {
      throw new Error(`There is no row of ${name} with ${JSON.stringify(where)}.`);
    }
    return row;
  }

  /** What the rows of a sum add up to, those of this batch included. Throws when it was not loaded. */
  sum(read: Lookup): Sum {
    const table = this.#table(read.table);
    const loaded = table.sums.get(sumKey(read));
    if (!loaded || !read.since || read.sum === undefined) {
      throw new Error(
        `A rule summed ${read.table} ${JSON.stringify(read.where)} without saying that it reads it.`,
      );
    }
    const { column, from } = read.since;
    const { index, key } = indexFor(table, read.where);
    let { sum, first } = loaded;
    for (const found of index.keysOf.get(key) ?? []) {
      const row = table.inserted.get(found);
      const value = Number(row?.[column]);
      if (row && value >= from) {
        sum += Number(row[read.sum]);
        first = Math.min(first ?? value, value);
      }
    }
    return { sum, first };
  }

  insert<Name extends TableName>(name: Name, row: Rows[Name]): void {
    const table = this.#table(name);
    const key = putRow(table, row as unknown as Row);
    table.inserted.set(key, row as unknown as Row);
    this.#undo.push(() => {
      table.inserted.delete(key);
      removeRow(table, key);
    });
  }

  update<Name extends TableName>(name: Name, row: Rows[Name], changes: Partial<Rows[Name]>): Rows[Name] {
    const columns = Object.keys(changes);
    if (columns.length === 0) {
      return row;
    }
    const table = this.#table(name);
    const next = { ...row, ...changes };
    const before = row as unknown as Row;
    const key = putRow(table, next as unknown as Row);
    const written = table.inserted.has(key) ? table.inserted : table.updated;
    const writtenBefore = written.get(key);
    written.set(key, next as unknown as Row);
    for (const column of columns) {
      table.changedColumns.add(column);
    }
    this.#undo.push(() => {
      putRow(table, before);
      if (writtenBefore) {
        written.set(key, writtenBefore);
      } else {
        written.delete(key);
      }
    });
    return next;
  }

  /** A place to roll back to. */
  mark(): number {
    return this.#undo.length;
  }

  rollBackTo(mark: number): void {
    while (this.#undo.length > mark) {
      this.#undo.pop()?.();
    }
  }

  /** What is to be written, tables in the order in which their rows refer to each other. */
  changes(): readonly TableChanges[] {
    return (Object.keys(primaryKeys) as TableName[]).flatMap((name) => {
      const table = this.#tables.get(name);
      if (!table || table.inserted.size + table.updated.size === 0) {
        return [];
      }
      return {
        table: name,
        inserted: [...table.inserted.values()],
        updated: [...table.updated.values()],
        changedColumns: [...table.changedColumns],
      };
    });
  }
}
