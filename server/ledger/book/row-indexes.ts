import {
  type Bucket,
  bucketOf,
  type Cell,
  type Index,
  IndexTree,
  type Key,
  keyOf,
  putIn,
  type Row,
  takeOut,
} from './row-index.js';

/** The indexes over the rows of one table: by its primary key, and by whatever columns something was looked up by. */
export class RowIndexes {
  readonly all: Index[] = [];
  readonly byKey: Index;
  readonly #byShape = new IndexTree();

  constructor(primaryKey: readonly string[]) {
    this.byKey = this.by(Object.fromEntries(primaryKey.map((column) => [column, null])));
  }

  /** The index by the columns that this names; a new one has all rows in it that are in the others. */
  by(where: Row): Index {
    return this.#byShape.find(where) ?? this.#byShape.add(where, this.#makeIndex(Object.keys(where)));
  }

  #makeIndex(columns: readonly string[]): Index {
    const index = { columns, buckets: new Map<Key, Bucket>() };
    if (this.all.length > 0) {
      for (const { cells } of this.byKey.buckets.values()) {
        for (const cell of cells) {
          putIn(bucketOf(index, cell.row, cell.usedIn), cell);
        }
      }
    }
    this.all.push(index);
    return index;
  }

  /** The cell of the row's primary key. */
  find(row: Row): Cell | undefined {
    return this.byKey.buckets.get(keyOf(row, this.byKey.columns))?.cells[0];
  }

  put(cell: Cell): void {
    for (const index of this.all) {
      const bucket = bucketOf(index, cell.row, cell.usedIn);
      putIn(bucket, cell);
      if (index === this.byKey) {
        // A row that is in the book is known by its primary key, however it was found.
        bucket.isLoaded = true;
      }
    }
  }

  /** Gives a cell another row, by which it is found from now on. */
  move(cell: Cell, next: Row, batch: number): void {
    for (const index of this.all) {
      if (index.columns.some((column) => cell.row[column] !== next[column])) {
        takeOut(bucketOf(index, cell.row, batch).cells, cell);
        putIn(bucketOf(index, next, batch), cell);
      }
    }
    cell.row = next;
    cell.usedIn = batch;
  }

  remove(cell: Cell): void {
    for (const index of this.all) {
      const key = keyOf(cell.row, index.columns);
      const bucket = index.buckets.get(key);
      if (bucket) {
        takeOut(bucket.cells, cell);
        if (bucket.cells.length === 0 && (index === this.byKey || !bucket.isLoaded)) {
          index.buckets.delete(key);
        }
      }
    }
  }

  /**
   * Forgets the keys without rows that no batch since this one has used. What is left moves into a new map: the dead tables
   * of a map that is filled and emptied again and again point to their successors, and would keep rows alive until the next
   * great collection (see Slots).
   */
  forgetEmptyBefore(batch: number): void {
    for (const index of this.all) {
      if (index.buckets.size > 0) {
        const left = new Map<Key, Bucket>();
        index.buckets.forEach((bucket, key) => {
          if (bucket.usedIn >= batch || bucket.cells.length > 0) {
            left.set(key, bucket);
          }
        });
        index.buckets = left;
      }
    }
  }
}
