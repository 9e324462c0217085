import assert from 'node:assert/strict';

export type Row = Readonly<Record<string, string | number | null>>;

type Key = string | number;

/** A row that the book knows, and the batches that wrote it, used it last. */
export interface Cell {
  row: Row;
  insertedIn: number;
  updatedIn: number;
  usedIn: number;
}

/** What is known of one key: the rows that have it, and whether that is all there are. */
interface Place {
  /** Nearly always one or none. */
  readonly cells: Cell[];
  isLoaded: boolean;
  usedIn: number;
}

interface Index {
  readonly columns: readonly string[];
  readonly places: Map<Key, Place>;
}

const none: readonly Cell[] = [];

const keyPart = (value: string | number | null | undefined): Key =>
  // No text in the database holds U+0000, so null has a key of its own.
  value === null || value === undefined ? '\0' : value;

function keyOf(row: Row, columns: readonly string[]): Key {
  const [first = '', second] = columns;
  if (second === undefined) {
    return keyPart(row[first]);
  }
  let key = String(keyPart(row[first]));
  for (let index = 1; index < columns.length; index += 1) {
    key += `\0\0${keyPart(row[columns[index] as string])}`;
  }
  return key;
}

function takeOut(cells: Cell[], cell: Cell): void {
  const index = cells.indexOf(cell);
  if (index !== -1) {
    cells.splice(index, 1);
  }
}

/** The rows of one table that a book knows, found by any set of columns. */
export class BookTable {
  readonly #indexes = new Map<string, Index>();
  readonly #byKey: Index;
  /** Whether every row of the table is in the book, so that nothing of it need be read. */
  #isWhole = false;
  /** Of the batch that is being decided. */
  #inserted: Cell[] = [];
  #updated: Cell[] = [];

  constructor(primaryKey: readonly string[]) {
    this.#byKey = { columns: primaryKey, places: new Map() };
    this.#indexes.set(primaryKey.join(), this.#byKey);
  }

  #index(where: Row): Index {
    const columns = Object.keys(where);
    const shape = columns.length === 1 ? (columns[0] as string) : columns.join();
    let index = this.#indexes.get(shape);
    if (!index) {
      index = { columns, places: new Map() };
      this.#indexes.set(shape, index);
      for (const cell of this.#cells()) {
        this.#place(index, cell.row, cell.usedIn).cells.push(cell);
      }
    }
    return index;
  }

  *#cells(): Generator<Cell> {
    for (const { cells } of this.#byKey.places.values()) {
      yield* cells;
    }
  }

  #place(index: Index, row: Row, batch: number): Place {
    const key = keyOf(row, index.columns);
    let place = index.places.get(key);
    if (!place) {
      place = { cells: [], isLoaded: false, usedIn: batch };
      index.places.set(key, place);
    }
    return place;
  }

  /** What is known of the key, if all there is to it was loaded. */
  loaded(where: Row, batch: number): readonly Cell[] | undefined {
    const index = this.#index(where);
    const place = index.places.get(keyOf(where, index.columns));
    if (!place) {
      return this.#isWhole ? none : undefined;
    }
    if (!(this.#isWhole || place.isLoaded)) {
      return undefined;
    }
    place.usedIn = batch;
    const { cells } = place;
    for (let index = 0; index < cells.length; index += 1) {
      (cells[index] as Cell).usedIn = batch;
    }
    return cells;
  }

  /** Takes in that the rows of a key are all known. */
  setLoaded(where: Row, batch: number): void {
    const place = this.#place(this.#index(where), where, batch);
    place.usedIn = batch;
    place.isLoaded = true;
  }

  #add(row: Row, batch: number, insertedIn: number): Cell {
    const cell = { row, insertedIn, updatedIn: -1, usedIn: batch };
    for (const index of this.#indexes.values()) {
      this.#place(index, row, batch).cells.push(cell);
    }
    // A row that is in the book is known by its primary key, however it was found.
    this.#place(this.#byKey, row, batch).isLoaded = true;
    return cell;
  }

  #find(row: Row): Cell | undefined {
    const [cell] = this.#byKey.places.get(keyOf(row, this.#byKey.columns))?.cells ?? [];
    return cell;
  }

  /** Takes in a row as the database has it; one that the book has already is newer. */
  take(row: Row, batch: number): void {
    if (!this.#find(row)) {
      this.#add(row, batch, -1);
    }
  }

  /** Takes in all rows that there are. */
  setWhole(rows: readonly Row[]): void {
    for (const row of rows) {
      this.take(row, 0);
    }
    this.#isWhole = true;
  }

  insert(row: Row, batch: number): () => void {
    assert(!this.#find(row), 'A row is inserted once.');
    const wasAsked = this.#byKey.places.has(keyOf(row, this.#byKey.columns));
    const cell = this.#add(row, batch, batch);
    this.#inserted.push(cell);
    return () => {
      assert.equal(this.#inserted.pop(), cell);
      this.#remove(cell);
      if (wasAsked) {
        // That there is none was known before.
        this.#place(this.#byKey, row, batch).isLoaded = true;
      }
    };
  }

  update(before: Row, next: Row, batch: number): () => void {
    const cell = this.#find(before);
    assert(cell, 'A row that changes is in the book.');
    const { row, updatedIn } = cell;
    const isListed = cell.insertedIn === batch || updatedIn === batch;
    this.#move(cell, next, batch);
    if (!isListed) {
      cell.updatedIn = batch;
      this.#updated.push(cell);
    }
    return () => {
      this.#move(cell, row, batch);
      cell.updatedIn = updatedIn;
      if (!isListed) {
        assert.equal(this.#updated.pop(), cell);
      }
    };
  }

  #move(cell: Cell, next: Row, batch: number): void {
    for (const index of this.#indexes.values()) {
      if (index.columns.some((column) => cell.row[column] !== next[column])) {
        takeOut(this.#place(index, cell.row, batch).cells, cell);
        this.#place(index, next, batch).cells.push(cell);
      }
    }
    cell.row = next;
    cell.usedIn = batch;
  }

  #remove(cell: Cell): void {
    for (const index of this.#indexes.values()) {
      const key = keyOf(cell.row, index.columns);
      const place = index.places.get(key);
      if (place) {
        takeOut(place.cells, cell);
        if (place.cells.length === 0 && (index === this.#byKey || !place.isLoaded)) {
          index.places.delete(key);
        }
      }
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
    const cells = index.places.get(keyOf(where, index.columns))?.cells ?? [];
    return [...cells].filter(({ insertedIn }) => insertedIn >= batch).map(({ row }) => row);
  }

  beginBatch(): void {
    this.#inserted = [];
    this.#updated = [];
  }

  /** Forgets what no batch since this one has used. */
  forgetBefore(batch: number): void {
    const cells = [...this.#cells()].filter(({ usedIn }) => usedIn < batch);
    for (const cell of cells) {
      for (const index of this.#indexes.values()) {
        this.#place(index, cell.row, batch).isLoaded = false;
      }
      this.#remove(cell);
    }
    for (const { places } of this.#indexes.values()) {
      for (const [key, place] of places) {
        if (place.usedIn < batch && place.cells.length === 0) {
          places.delete(key);
        }
      }
    }
  }

  /** Forgets the keys that were used longest ago, but none since this batch, until so many are left at most. */
  forgetBeyond(atMost: number, batch: number): void {
    const usedIn: number[] = [];
    for (const { places } of this.#indexes.values()) {
      for (const place of places.values()) {
        usedIn.push(place.usedIn);
      }
    }
    if (usedIn.length > atMost) {
      this.#isWhole = false;
      usedIn.sort((left, right) => left - right);
      // A quarter more than it must, so that it is not for every batch.
      const oldest = usedIn[usedIn.length - Math.floor(atMost * 0.75)] ?? batch;
      this.forgetBefore(Math.min(oldest + 1, batch));
    }
  }
}
