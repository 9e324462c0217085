import assert from 'node:assert/strict';
import type { Rows, TableName } from '../../../db/rows.js';
import type { ChainHeadRow } from '../../../db/tables/acts.js';
import { type NumberedTable, tableNames, tables } from '../../../db/tables.js';
import type { BookState } from './book-state.js';
import { BookTable, type Undo } from './book-table.js';
import { mostKnownKeys } from './known-tables.js';
import { LoadedSums } from './loaded-sums.js';
import { type Lookup, lookup, type Sum } from './lookup.js';
import { NotLoaded } from './not-loaded.js';
import { PaidSums } from './paid-sums.js';
import type { RecentWrites } from './recent-writes.js';
import { type Cell, none, type Row } from './row-index.js';
import { RowNumbers } from './row-numbers.js';
import type { TableChanges } from './table-changes.js';

/** One step that was done to the book, so that it can be taken back. */
type Step =
  | { readonly table: BookTable; readonly undo: Undo }
  | { readonly numbered: NumberedTable; readonly before: number };

/** The number of batches for which it counts that a lookup was insisted on: refusals seldom come alone. */
const insistedFor = 2;

/** Whether the rows of a lookup stay while they are asked for; of those that only the newest is wanted of, more are made each time. */
const keepsRows = ({ newest }: Lookup): boolean => newest === undefined;

/**
 * The books as the ledger knows them: rows as the database has them, with what was decided over them. Rows that payments ask
 * for again and again stay from one batch to the next, others until what was written of them is durable. Reading what was
 * not loaded is a mistake of a rule and throws. A decision that refuses is rolled back to where it began.
 */
export class LedgerBook {
  readonly #tables = Object.fromEntries(
    tableNames.map((name) => [name, new BookTable(tables[name].primaryKey)]),
  ) as Readonly<Record<TableName, BookTable>>;
  readonly #sums = new LoadedSums();
  /** The sums of what was paid that a batch goes on from. */
  readonly paidSums = new PaidSums();
  readonly #undo: Step[] = [];
  readonly #numbers: RowNumbers;
  readonly #heads = new Map<ChainHeadRow['name'], ChainHeadRow>();
  #batch = 0;
  #insistedIn = Number.NEGATIVE_INFINITY;
  readonly #recentWrites: RecentWrites | undefined;

  /** Without recent writes everything is looked up. */
  constructor(
    { heads, newest, whole }: Pick<BookState, 'heads' | 'newest' | 'whole'>,
    recentWrites?: RecentWrites,
  ) {
    this.#recentWrites = recentWrites;
    this.#numbers = new RowNumbers(newest);
    for (const head of heads) {
      this.load([lookup('chain_heads', { name: head.name, chain: head.chain })], [head]);
      this.#heads.set(head.name, head);
    }
    for (const { table, rows } of whole) {
      this.#tables[table].setWhole(rows as readonly Row[]);
    }
  }

  /** The end of the writer's chain of this name. */
  head(name: 'payments' | 'audit'): ChainHeadRow {
    const head = this.#heads.get(name);
    assert(head, `The chain of ${name} has an end.`);
    return this.get('chain_heads', { name, chain: head.chain });
  }

  /** The number of a new row, one more than the newest there is. */
  newId(name: NumberedTable): number {
    this.#undo.push({ numbered: name, before: this.#numbers.newestRow(name) });
    return this.#numbers.next(name);
  }

  /** The newest number that was given of this table; of events that may be the one that is kept for a receipt. */
  newestId(name: NumberedTable): number {
    return this.#numbers.newest(name);
  }

  /**
   * The newest number that was durable for sure when the batch began: what a sum over rows in the database goes up to,
   * although what follows may become durable while the batch is decided.
   */
  durableId(name: TableName): number {
    return this.#numbers.durable(name);
  }

  /** Whether nothing of a lookup need be read; what is recalled not to be there, or taken for that, need not. */
  isLoaded(read: Lookup): boolean {
    if (read.sum) {
      return this.#sums.has(read);
    }
    const table = this.#tables[read.table];
    if (table.loaded(read.where, this.#batch, keepsRows(read)) !== undefined) {
      return true;
    }
    if (this.#recentWrites === undefined || this.#recentWrites.mayFind(read)) {
      return false;
    }
    table.setLoaded(read.where, this.#batch, true);
    return true;
  }

  /** Has a lookup read that was presumed to find nothing, or would be. */
  doubt(read: Lookup): void {
    this.#recentWrites?.note(read.table, read.where);
    this.#tables[read.table].doubt(read.where);
  }

  /** Whether this batch or one just before it has insisted on a lookup that was presumed to find nothing. */
  get hasInsisted(): boolean {
    return this.#batch - this.#insistedIn <= insistedFor;
  }

  /** Has a lookup read that was presumed to find nothing. Throws NotLoaded where that was so. */
  insistOn(read: Lookup): void {
    if (this.#tables[read.table].doubt(read.where)) {
      this.#insistedIn = this.#batch;
      this.#recentWrites?.note(read.table, read.where);
      throw new NotLoaded(read.table, read.where);
    }
  }

  /** Takes in what the database has for these lookups, all by the same columns of one table; of sums one for each. */
  load(lookups: readonly Lookup[], rows: readonly object[]): void {
    const [first] = lookups;
    if (first?.sum) {
      for (const [position, read] of lookups.entries()) {
        this.#sums.load(read, rows[position] as Sum);
      }
    } else if (first) {
      const table = this.#tables[first.table];
      for (const { where } of lookups) {
        table.setLoaded(where, this.#batch);
      }
      for (const row of rows as readonly Row[]) {
        table.take(row, this.#batch);
      }
    }
  }

  /** The rows of a lookup as they were loaded, or none where it is presumed to find none. Throws NotLoaded where it must be read. */
  #cells(read: Lookup): readonly Cell[] {
    const { table, where } = read;
    const cells = this.#tables[table].loaded(where, this.#batch, keepsRows(read));
    if (!(cells || this.isLoaded(read))) {
      throw new NotLoaded(table, where);
    }
    return cells ?? none;
  }

  /** The rows of a lookup that has a bound. Throws when they were not loaded, or are more than the bound allows. */
  all<Name extends TableName>(name: Name, read: Lookup): readonly Rows[Name][] {
    assert.equal(read.table, name);
    const cells = this.#cells(read);
    assert(
      cells.length <= read.atMost,
      `There are ${cells.length} rows of ${name} with ${JSON.stringify(read.where)}; at most ${read.atMost} may be read.`,
    );
    const rows: Rows[Name][] = [];
    for (const { row } of cells) {
      rows.push(row as Rows[Name]);
    }
    return rows;
  }

  /** The newest row of a lookup for it. Throws when that was not loaded. */
  newest<Name extends NumberedTable>(name: Name, read: Lookup): Rows[Name] | undefined {
    assert(read.table === name && read.newest !== undefined);
    let newest: Rows[Name] | undefined;
    // How many rows are looked through is bounded where they are read; those that were made since are of two batches.
    for (const { row } of this.#cells(read)) {
      const found = row as Rows[Name];
      if (newest === undefined || found.id > newest.id) {
        newest = found;
      }
    }
    return newest;
  }

  /** The rows of a lookup that has a bound, none where it was not loaded. Throws when they are more than the bound allows. */
  peekAll<Name extends TableName>(name: Name, read: Lookup): readonly Rows[Name][] {
    return this.#tables[name].loaded(read.where, this.#batch) ? this.all(name, read) : [];
  }

  /** The one row of a unique key, or undefined when there is none or it was not loaded. */
  peek<Name extends TableName>(name: Name, where: Partial<Rows[Name]>): Rows[Name] | undefined {
    const cells = this.#tables[name].loaded(where as Row, this.#batch);
    return cells?.[0]?.row as Rows[Name] | undefined;
  }

  /** The one row of a unique key, or undefined. Throws when that was not loaded. */
  find<Name extends TableName>(name: Name, where: Partial<Rows[Name]>): Rows[Name] | undefined {
    const cells = this.#tables[name].loaded(where as Row, this.#batch) ?? this.#cells(lookup(name, where));
    if (cells.length > 1) {
      assert.fail(`${name} ${JSON.stringify(where)} is not the key of one row.`);
    }
    return cells[0]?.row as Rows[Name] | undefined;
  }

  /** The one row of a unique key. Throws when there is none. */
  get<Name extends TableName>(name: Name, where: Partial<Rows[Name]>): Rows[Name] {
    const row = this.find(name, where);
    if (!row) {
      throw new Error(`There is no row of ${name} with ${JSON.stringify(where)}.`);
    }
    return row;
  }

  /** The sum of rows, those that are not in the database yet included. Throws when it was not loaded. */
  sum(read: Lookup): Sum {
    const { table, where } = read;
    return this.#sums.withInserted(
      read,
      this.#tables[table].insertedSince(where, this.#batch - 1),
      this.durableId(table),
    );
  }

  insert<Name extends TableName>(name: Name, row: Rows[Name]): void {
    const table = this.#tables[name];
    this.#undo.push({ table, undo: table.insert(row, this.#batch) });
    this.#recentWrites?.note(name, row);
  }

  update<Name extends TableName>(name: Name, row: Rows[Name], changes: Partial<Rows[Name]>): Rows[Name] {
    const changeable: readonly string[] = tables[name].changeable;
    let next: Record<string, Row[string]> | undefined;
    for (const column in changes) {
      if (!changeable.includes(column)) {
        assert.fail(`Of ${name}, only ${changeable.join(', ')} may change.`);
      }
      next ??= { ...row };
      next[column] = (changes as Row)[column] as Row[string];
    }
    if (next === undefined) {
      return row;
    }
    const table = this.#tables[name];
    this.#undo.push({ table, undo: table.update(row, next, this.#batch) });
    return next as Rows[Name];
  }

  /** A mark to roll back to. */
  mark(): number {
    return this.#undo.length;
  }

  rollBackTo(mark: number): void {
    while (this.#undo.length > mark) {
      const step = this.#undo.pop() as Step;
      if ('numbered' in step) {
        this.#numbers.takeBack(step.numbered, step.before);
      } else {
        step.table.undo(step.undo, this.#batch);
      }
    }
  }

  /** The changes that are to be written, tables in the order in which their rows refer to each other. */
  changes(): readonly TableChanges[] {
    return tableNames.flatMap((name) => {
      const { inserted, updated } = this.#tables[name];
      return inserted.length + updated.length === 0 ? [] : [{ table: name, inserted, updated }];
    });
  }

  /**
   * Begins the next batch over what is known. The batch before may still be on its way to the disk; all before that
   * are durable. Rows that payments do not ask for again are forgotten once they are.
   */
  beginBatch(): void {
    this.#batch += 1;
    this.#numbers.beginBatch();
    this.#undo.length = 0;
    this.#sums.clear();
    for (const name of tableNames) {
      const table = this.#tables[name];
      table.beginBatch();
      if (name === 'chain_heads') {
        continue;
      }
      const most = mostKnownKeys[name];
      if (most === undefined) {
        table.forgetBefore(this.#batch - 1);
      } else if (this.#batch % 64 === 0) {
        table.forgetBeyond(most, this.#batch - 1);
      }
    }
  }

  /** Takes in that everything up to these numbers is in the database for whoever reads it from now on. */
  noteDurable(newest: Readonly<Record<NumberedTable, number>>): void {
    this.#numbers.noteDurable(newest);
  }

  /**
   * Takes in what another writer has committed since what the book knows; between two batches, when all of its own is durable. Of
   * tables whose rows do not stay it forgets what that makes untrue: of those only what is recalled is told.
   */
  follow(changes: readonly TableChanges[]): void {
    for (const { table, inserted, updated } of changes) {
      const rows = [...inserted, ...updated] as readonly Row[];
      if (mostKnownKeys[table] === undefined) {
        this.#tables[table].forgetAbout(rows, this.#batch);
      } else {
        for (const row of rows) {
          this.#tables[table].follow(row, this.#batch);
        }
      }
      for (const row of inserted as readonly Row[]) {
        this.#recentWrites?.note(table, row);
        this.#numbers.follow(table, row);
      }
    }
    this.noteDurable(this.numbers());
  }

  /** The newest numbers given so far. */
  numbers(): Readonly<Record<NumberedTable, number>> {
    return this.#numbers.all();
  }
}
