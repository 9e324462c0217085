import type { Rows, TableName } from '../../../db/rows.js';
import type { PaymentKind } from '../../../db/tables/payments.js';

/** The rows from a value of a column on. */
export interface Since {
  readonly column: string;
  readonly from: number;
}

/** The number of columns, the first of an index, by which an act of one user to another is looked up: who did it, and to whom. */
export const byBothSides = 2;

/** The newest row that is looked for. */
export interface Newest {
  /** The row is found by all columns among so many of the newest that have the values of the first `by` columns. */
  readonly by: number;
  readonly among: number;
  /** The time from which on a row is of interest, in microseconds: one that is older may be found or not. */
  readonly sinceMicros: number;
}

/** The rows of a table whose columns have these values; how many there are at most is part of the question. */
export interface Lookup {
  readonly table: TableName;
  readonly where: Readonly<Record<string, string | number | null>>;
  /** The most rows that there may be. */
  readonly atMost: number;
  /** Only the newest row, where it is of interest. */
  readonly newest?: Newest;
  /** The sum of what the rows have in the column `of`, in their place, counted since some value of another column. */
  readonly sum?: {
    readonly of: string;
    readonly since: Since;
    /** Whether it is read from the entries of the one who paid, where a time is a place. */
    readonly isByEntries?: true;
  };
}

/** The sum of rows since some value. */
export interface Sum {
  readonly sum: number;
  /** The least value of the column that they are counted since; null where there are none. */
  readonly first: number | null;
}

type Where<Table extends TableName> = Partial<Rows[Table]>;

/** The one row of a unique key, or, with a bound, all rows of a key that is not. */
export function lookup<Table extends TableName>(table: Table, where: Where<Table>, atMost = 1): Lookup {
  return { table, where: where as Lookup['where'], atMost };
}

/**
 * The newest row with these values, of a table that has numbers, as far as it is one of so many of the newest with the values
 * of the first `by` columns, which is what an index has in the order of numbers, and is no older than `sinceMicros`.
 */
export function newestLookup<Table extends TableName>(
  table: Table,
  where: Where<Table>,
  newest: Newest,
): Lookup {
  return { table, where: where as Lookup['where'], atMost: newest.among, newest };
}

/** The sum of a column over rows that are never changed once they are written. */
export function sumLookup<Table extends TableName>(
  table: Table,
  where: Where<Table>,
  since: { readonly column: keyof Rows[Table] & string; readonly from: number },
  of: keyof Rows[Table] & string,
): Lookup {
  return { table, where: where as Lookup['where'], atMost: 0, sum: { of, since } };
}

/** The lookup of what a user has paid by payments of one kind since a time, in microseconds; of payments before it none is read. */
export const paidLookup = (userId: number, kind: PaymentKind, sinceMicros: number): Lookup => ({
  table: 'payments',
  where: { from_user_id: userId, kind },
  atMost: 0,
  sum: { of: 'sent_amount', since: { column: 'created_at', from: sinceMicros }, isByEntries: true },
});
