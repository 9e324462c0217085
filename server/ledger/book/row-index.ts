/** A row as the database has it. */
export type Row = Readonly<Record<string, string | number | null>>;

/** The values of an index's columns, as one. */
export type Key = string | number;

/** A row that the book knows, with the batches that wrote it and that used it last. */
export interface Cell {
  row: Row;
  insertedIn: number;
  updatedIn: number;
  usedIn: number;
  /** Whether its primary key had been asked for before it was inserted. */
  wasAsked: boolean;
}

/** A key's rows as far as they are known: those that have it, and whether that is all there are. */
export interface Bucket {
  /** The rows of the key, nearly always one or none. */
  cells: Cell[];
  isLoaded: boolean;
  /** Whether it was not read but taken for a key without rows. */
  isPresumed: boolean;
  usedIn: number;
}

/** The rows of a table by the values of some columns. */
export interface Index {
  readonly columns: readonly string[];
  buckets: Map<Key, Bucket>;
}

/** Indexes by the names of their columns, one after the other: to find one no name is put together. */
interface IndexNode {
  index: Index | undefined;
  readonly next: Map<string, IndexNode>;
}

/** The rows of a key that has none: shared, and never added to. */
export const none: readonly Cell[] = [];

const keyPart = (value: string | number | null | undefined): Key =>
  // No text in the database holds U+0000, so null has a key of its own.
  value === null || value === undefined ? '\0' : value;

/** The key that a row has in an index by these columns. */
export function keyOf(row: Row, columns: readonly string[]): Key {
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

/** Puts a row to those of its key. */
export function putIn(bucket: Bucket, cell: Cell): void {
  if (bucket.cells.length === 0) {
    // An array that grows from nothing makes room for seventeen.
    bucket.cells = [cell];
  } else {
    bucket.cells.push(cell);
  }
}

/** Takes a row out of those of its key. */
export function takeOut(cells: Cell[], cell: Cell): void {
  const index = cells.indexOf(cell);
  if (index !== -1) {
    cells.splice(index, 1);
  }
}

/** The bucket of the key that a row has in an index; a new one where nothing is known of it yet. */
export function bucketOf(index: Index, row: Row, batch: number): Bucket {
  const key = keyOf(row, index.columns);
  let bucket = index.buckets.get(key);
  if (!bucket) {
    bucket = { cells: none as Cell[], isLoaded: false, isPresumed: false, usedIn: batch };
    index.buckets.set(key, bucket);
  }
  return bucket;
}

/** The indexes of a table by the columns that they go by. */
export class IndexTree {
  readonly #root: IndexNode = { index: undefined, next: new Map() };

  /** The index by the columns that this names, if there is one. */
  find(where: Row): Index | undefined {
    return this.#nodeOf(where).index;
  }

  /** Adds the index by the columns that this names. */
  add(where: Row, index: Index): Index {
    this.#nodeOf(where).index = index;
    return index;
  }

  #nodeOf(where: Row): IndexNode {
    let node = this.#root;
    // Nothing is inherited: what is looked for is written as a literal, or made of one.
    for (const column in where) {
      let next = node.next.get(column);
      if (next === undefined) {
        next = { index: undefined, next: new Map() };
        node.next.set(column, next);
      }
      node = next;
    }
    return node;
  }
}
