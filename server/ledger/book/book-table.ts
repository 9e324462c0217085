import assert from 'node:assert/strict';
import { bucketOf, type Cell, type Index, keyOf, none, type Row } from './row-index.js';
import { RowIndexes } from './row-indexes.js';

/** A change, with what it takes to take it back. */
export interface Undo {
  readonly cell: Cell;
  /** The row before it was changed; undefined where it was inserted. */
  readonly before: Row | undefined;
  /** Whether the change was the first of its batch to this row. */
  readonly isFirst: boolean;
}

/**
 * The rows of one table that a book knows, found by any set of columns. What is inserted is put into the indexes when
 * the table is next asked for something: of most tables nobody asks what the batch has written.
 */
export class BookTable {
  readonly #indexes: RowIndexes;
  /** Whether every row of the table is in the book, so that nothing of it need be read. */
  #isWhole = false;
  /** The rows that were inserted and are in no index yet, in the order of their batches. */
  #fresh: Cell[] = [];
  /** The rows that the batch which is being decided has inserted. */
  #inserted: Cell[] = [];
  #updated: Cell[] = [];

  constructor(primaryKey: readonly string[]) {
    this.#indexes = new RowIndexes(primaryKey);
  }

  /** The index to look something up by, with all rows in it. */
  #index(where: Row): Index {
    this.#takeInFresh();
    return this.#indexes.by(where);
  }

  #takeInFresh(): void {
    if (this.#fresh.length === 0) {
      return;
    }
    const fresh = this.#fresh;
    this.#fresh = [];
    for (const cell of fresh) {
      const { byKey } = this.#indexes;
      const known = byKey.buckets.get(keyOf(cell.row, byKey.columns));
      assert(known === undefined || known.cells.length === 0, 'A row is inserted once.');
      cell.wasAsked = known !== undefined;
      this.#indexes.put(cell);
    }
  }

  /**
   * The rows of a key as they are known, if all there is to it was loaded. `keepsRows` where they are kept for as long as they are
   * asked for, and not only until they are durable.
   */
  loaded(where: Row, batch: number, keepsRows = true): readonly Cell[] | undefined {
    const index = this.#index(where);
    const bucket = index.buckets.size === 0 ? undefined : index.buckets.get(keyOf(where, index.columns));
    if (!bucket) {
      return this.#isWhole ? none : undefined;
    }
    if (!(this.#isWhole || bucket.isLoaded)) {
      return undefined;
    }
    bucket.usedIn = batch;
    const { cells } = bucket;
    if (keepsRows) {
      for (let index = 0; index < cells.length; index += 1) {
        (cells[index] as Cell).usedIn = batch;
      }
    }
    return cells;
  }

  /** Takes in that the rows of a key are all known, or presumes that there are none but those that are. */
  setLoaded(where: Row, batch: number, isPresumed = false): void {
    const bucket = bucketOf(this.#index(where), where, batch);
    bucket.usedIn = batch;
    bucket.isLoaded = true;
    bucket.isPresumed = isPresumed;
  }

  /** Presumes no longer that there are no rows of a key; gives whether that was so. */
  doubt(where: Row): boolean {
    const index = this.#index(where);
    const bucket = index.buckets.get(keyOf(where, index.columns));
    if (!bucket?.isPresumed) {
      return false;
    }
    bucket.isPresumed = false;
    bucket.isLoaded = false;
    return true;
  }

  /** The cell of the row's primary key. */
  #find(row: Row): Cell | undefined {
    this.#takeInFresh();
    return this.#indexes.find(row);
  }

  /** Takes in a row as the database has it; one that the book has already is newer. */
  take(row: Row, batch: number): void {
    if (!this.#find(row)) {
      this.#indexes.put({ row, insertedIn: -1, updatedIn: -1, usedIn: batch, wasAsked: false });
    }
  }

  /** Takes in a row as another writer has written it after what the book has. */
  follow(row: Row, batch: number): void {
    const cell = this.#find(row);
    if (cell) {
      this.#indexes.move(cell, row, batch);
    } else {
      this.#indexes.put({ row, insertedIn: -1, updatedIn: -1, usedIn: batch, wasAsked: false });
    }
  }

  /** Forgets what is no longer so, or may not be all, since another writer has written rows, of which these columns are told. */
  forgetAbout(rows: readonly Row[], batch: number): void {
    for (const row of rows) {
      const cell = this.#find(row);
      if (cell) {
        this.#forget(cell, batch);
      }
    }
    const [told = {}] = rows;
    for (const index of this.#indexes.all) {
      const isTold = index.columns.every((column) => column in told);
      const keys = isTold ? rows.map((row) => keyOf(row, index.columns)) : index.buckets.keys();
      for (const key of keys) {
        const bucket = index.buckets.get(key);
        if (bucket) {
          bucket.isLoaded = false;
          bucket.isPresumed = false;
        }
      }
    }
  }

  /** Takes in all rows that there are. */
  setWhole(rows: readonly Row[]): void {
    for (const row of rows) {
      this.take(row, 0);
    }
    this.#isWhole = true;
  }

  insert(row: Row, batch: number): Undo {
    const cell = { row, insertedIn: batch, updatedIn: -1, usedIn: batch, wasAsked: false };
    this.#fresh.push(cell);
    this.#inserted.push(cell);
    return { cell, before: undefined, isFirst: true };
  }

  update(before: Row, next: Row, batch: number): Undo {
    const cell = this.#find(before);
    assert(cell, 'A row that changes is in the book.');
    const { row } = cell;
    const isFirst = cell.insertedIn !== batch && cell.updatedIn !== batch;
    this.#indexes.move(cell, next, batch);
    if (isFirst) {
      cell.updatedIn = batch;
      this.#updated.push(cell);
    }
    return { cell, before: row, isFirst };
  }

  /** Takes back the newest change that was not taken back yet. */
  undo({ cell, before, isFirst }: Undo, batch: number): void {
    if (before === undefined) {
      assert.equal(this.#inserted.pop(), cell);
      this.#takeOutInserted(cell, batch);
      return;
    }
    this.#indexes.move(cell, before, batch);
    if (isFirst) {
      cell.updatedIn = -1;
      assert.equal(this.#updated.pop(), cell);
    }
  }

  #takeOutInserted(cell: Cell, batch: number): void {
    if (this.#fresh.at(-1) === cell) {
      this.#fresh.pop();
      return;
    }
    this.#indexes.remove(cell);
    if (cell.wasAsked) {
      // It was known before that there is none.
      bucketOf(this.#indexes.byKey, cell.row, batch).isLoaded = true;
    }
  }

  /** The rows that this batch has inserted. */
  get inserted(): readonly Row[] {
    return this.#inserted.map(({ row }) => row);
  }

  /** Rows that were there before and that this batch has changed. */
  get updated(): readonly Row[] {
    return this.#updated.map(({ row }) => row);
  }

  /** All rows of a key that batches since this one have inserted, whether all of the key is known or not. */
  insertedSince(where: Row, batch: number): readonly Row[] {
    const index = this.#index(where);
    const cells = index.buckets.get(keyOf(where, index.columns))?.cells ?? [];
    return cells.filter(({ insertedIn }) => insertedIn >= batch).map(({ row }) => row);
  }

  beginBatch(): void {
    this.#inserted = [];
    this.#updated = [];
  }

  /** Forgets what no batch since this one has used. */
  forgetBefore(batch: number): void {
    const young = this.#fresh.findIndex(({ usedIn }) => usedIn >= batch);
    this.#fresh.splice(0, young === -1 ? this.#fresh.length : young);
    const old: Cell[] = [];
    this.#indexes.byKey.buckets.forEach(({ cells }) => {
      const [cell] = cells;
      if (cell !== undefined && cell.usedIn < batch) {
        old.push(cell);
      }
    });
    for (const cell of old) {
      this.#forget(cell, batch);
    }
    this.#indexes.forgetEmptyBefore(batch);
  }

  /** Forgets one row: of what it was found by, not all is known any more. */
  #forget(cell: Cell, batch: number): void {
    for (const index of this.#indexes.all) {
      const bucket = bucketOf(index, cell.row, batch);
      bucket.isLoaded = false;
    }
    this.#indexes.remove(cell);
  }

  /** Forgets the keys that were used longest ago, but none since this batch, until so many are left at most. */
  forgetBeyond(atMost: number, batch: number): void {
    let known = 0;
    for (const { buckets } of this.#indexes.all) {
      known += buckets.size;
    }
    if (known <= atMost) {
      return;
    }
    this.#isWhole = false;
    const usedIn = new Float64Array(known);
    let place = 0;
    for (const { buckets } of this.#indexes.all) {
      for (const bucket of buckets.values()) {
        usedIn[place] = bucket.usedIn;
        place += 1;
      }
    }
    usedIn.sort();
    // A quarter more goes than must, so that it is not for every batch.
    const oldest = usedIn[known - Math.floor(atMost * 0.75)] ?? batch;
    this.forgetBefore(Math.min(oldest + 1, batch));
  }
}
