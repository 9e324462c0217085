import { postgresDialect } from './postgres/statements.js';
import { sqliteDialect } from './sqlite/statements.js';

type Key = readonly (string | number | null)[];

export interface Matching {
  readonly table: string;
  readonly columns: readonly string[];
  /** Which of the columns must be null. */
  readonly nulls: readonly boolean[];
  /** How many rows of each key are read at most. */
  readonly atMost: number;
  /** Whether only the newest of each key is read, among so many of the newest that match the first `by` columns. */
  readonly newest?: { readonly by: number; readonly among: number } | undefined;
}

export interface Summing {
  readonly table: string;
  readonly columns: readonly string[];
  readonly sinceColumn: string;
  readonly sum: string;
}

/**
 * The SQL that the two engines do not have in common. All of it is text, or makes text of names: what a statement means is
 * said where it is used, once for both.
 */
export interface Dialect {
  /** The statement that reads, of the rows `t` that match any of the keys, what is wanted; its value are the keys. */
  matching(asked: Matching, wanted: string): string;
  matchingKeys(columns: readonly string[], keys: readonly Key[]): string;
  /** The statement that sums up rows by keys, whose last value is the one that they count since; it is bound the keys and the newest number. */
  sums(asked: Summing): string;
  sumsKeys(asked: Summing, keys: readonly Key[]): string;
  /**
   * The statement by which sums of what users have paid change, and when the first of it was paid. It is bound keys of user and
   * kind, the first number that was counted and the one that now is, and the last that was counted and the one that now is.
   */
  readonly paid: string;
  paidKeys(keys: readonly Key[]): string;
  /** Bytes as text in hexadecimal, in lower case, and back. */
  hex(bytes: string): string;
  unhex(text: string): string;
  /**
   * Whether a text holds the one that is bound, sign for sign. LIKE does not say: to SQLite's, code points that are no
   * characters are all the same.
   */
  holds(text: string): string;
  /** In FROM, the items of a list that is bound as JSON: rows `k` with the column `value`. */
  listed(type: 'bigint' | 'text'): string;
  /** In FROM, the pairs of whole numbers of a list that is bound as JSON under this placeholder: rows `m` with `place`, `first` and `next`. */
  pairs(placeholder: string): string;
  /** The greater of two values. */
  greater(one: string, other: string): string;
  /** Joins a table of which a row is looked up for each row before it. */
  readonly joinEach: string;
  /** A JSON array of values, and one of what rows have. */
  jsonArray(values: readonly string[]): string;
  jsonList(value: string, order?: string): string;
  /** JSON of a subquery as a value of a list, not as text in it. */
  jsonValue(json: string): string;
  /** JSON of a subquery as the text that a query gives. */
  jsonText(json: string): string;
}

const dialects: Readonly<Record<string, Dialect>> = { sqlite3: sqliteDialect, postgresql: postgresDialect };

/** The dialect of what a connection, a transaction or a snapshot speaks to. */
export function dialectOf({ client }: { readonly client: { readonly dialect: string } }): Dialect {
  const dialect = dialects[client.dialect];
  if (dialect === undefined) {
    throw new Error(`Nobody speaks ${client.dialect} here.`);
  }
  return dialect;
}
