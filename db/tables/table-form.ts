/** The form of a table as the ledger knows it: how its rows are found, written and changed. */
export interface TableForm<Row> {
  /** Every column, in the order in which rows travel. */
  readonly columns: readonly (keyof Row & string)[];
  readonly primaryKey: readonly (keyof Row & string)[];
  /** The columns that may change once a row is written; none of a table that is append-only. */
  readonly changeable: readonly (keyof Row & string)[];
  /** Columns that hold bytes; rows have them in hexadecimal. */
  readonly bytes: readonly (keyof Row & string)[];
  /** Whether the key is a number that the ledger gives, in the order in which rows were committed. */
  readonly isNumbered: boolean;
}
