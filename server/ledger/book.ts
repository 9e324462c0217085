import { type ChainHeadRow, primaryKeys, type Rows, type TableName } from '../../db/rows.js';

/** From this value of a column on. */
export interface Since {
  readonly column: string;
  readonly from: number;
}

/**
 * The rows of a table whose columns have these values, all of them or those since some value of another column; with
 * `sum`, only what they add up to in that column.
 */
export type Lookup = {
  readonly [Table in TableName]: {
    readonly table: Table;
    readonly where: Partial<Rows[Table]>;
    readonly since?: Since | undefined;
    readonly sum?: string | undefined;
  };
}[TableName];

/** What rows since some value add up to. */
export interface Sum {
  readonly sum: number;
  /** The least value of the column that they are counted since; null where there are none. */
  readonly first: number | null;
}

export function lookup<Table extends TableName>(
  table: Table,
  where: Partial<Rows[Table]>,
  since?: Since,
): Lookup {
  return { table, where, since } as Lookup;
}

/** The sum of a column over rows that are never changed once they are written. */
export function sumLookup<Table extends TableName>(
  table: Table,
  where: Partial<Rows[Table]>,
  since: Since,
  sum: keyof Rows[Table] & string,
): Lookup {
  return { table, where, since, sum } as Lookup;
}

type Row = Readonly<Record<string, string | number | null>>;

/** One way of looking rows up, by a set of columns: which values were read, and which rows have them. */
interface Index {
  readonly columns: readonly string[];
  readonly loaded: Set<string>;
  readonly keysOf: Map<string, Set<string>>;
}

interface Table {
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

export interface TableChanges {
  readonly table: TableName;
  readonly inserted: readonly object[];
  readonly updated: readonly object[];
  /** Every column that some updated row has a new value in. */
  readonly changedColumns: readonly string[];
}

/** No text in the database holds U+0000, so null has a key of its own. */
const valueKey = (value: string | number | null | undefined) => (value === null ? '\0' : String(value));

const valuesKey = (row: Row, columns: readonly string[]) =>
  columns.map((column) => valueKey(row[column])).join('\0\0');

const sumKey = ({ where, since, sum }: Lookup) => JSON.stringify([where, since, sum]);

/**
 * What a batch of decisions knows and has decided so far: rows as they were read, with the changes over them. Reading
 * what was not loaded is a mistake of a rule and throws. A decision that refuses is rolled back to where it began.
 */
export class Book {
  readonly #tables = new Map<TableName, Table>();
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

  #table(name: TableName): Table {
    let table = this.#tables.get(name);
    if (!table) {
      const byKey: Index = { columns: primaryKeys[name], loaded: new Set(), keysOf: new Map() };
      table = {
        rows: new Map(),
        sums: new Map(),
        indexes: new Map([[byKey.columns.join(), byKey]]),
        byKey,
        inserted: new Map(),
        updated: new Map(),
        changedColumns: new Set(),
      };
      this.#tables.set(name, table);
    }
    return table;
  }

  #index(table: Table, where: object, since?: Since): { index: Index; key: string; loadedKey: string } {
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

  #put(name: TableName, row: Row): string {
    const table = this.#table(name);
    const key = valuesKey(row, primaryKeys[name]);
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

  #remove(name: TableName, key: string): void {
    const table = this.#table(name);
    const row = table.rows.get(key);
    if (row) {
      for (const index of table.indexes.values()) {
        removeFrom(index, row, key);
      }
      table.rows.delete(key);
    }
  }

  isLoaded(read: Lookup): boolean {
    const table = this.#table(read.table);
    if (read.sum !== undefined) {
      return table.sums.has(sumKey(read));
    }
    const { index, loadedKey } = this.#index(table, read.where, read.since);
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
      const { index, loadedKey } = this.#index(this.#table(table), where, since);
      index.loaded.add(loadedKey);
    }
    const name = lookups[0]?.table;
    for (const row of rows as readonly Row[]) {
      if (name && !this.#table(name).rows.has(valuesKey(row, primaryKeys[name]))) {
        this.#put(name, row);
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
    const { index, key, loadedKey } = this.#index(table, where, since);
    if (!index.loaded.has(loadedKey)) {
      return undefined;
    }
    const rows = [...(index.keysOf.get(key) ?? [])].map((rowKey) => table.rows.get(rowKey) as Row);
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
    const { index, key } = this.#index(table, read.where);
    let { sum, first } = loaded;
    for (const rowKey of index.keysOf.get(key) ?? []) {
      const row = table.inserted.get(rowKey);
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
    const key = this.#put(name, row as unknown as Row);
    table.inserted.set(key, row as unknown as Row);
    this.#undo.push(() => {
      table.inserted.delete(key);
      this.#remove(name, key);
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
    const key = this.#put(name, next as unknown as Row);
    const written = table.inserted.has(key) ? table.inserted : table.updated;
    const writtenBefore = written.get(key);
    written.set(key, next as unknown as Row);
    for (const column of columns) {
      table.changedColumns.add(column);
    }
    this.#undo.push(() => {
      this.#put(name, before);
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
