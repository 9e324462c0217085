import type { Rows, TableName } from '../../db/rows.js';

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
