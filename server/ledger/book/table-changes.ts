import type { TableName } from '../../../db/rows.js';

/** What is to be written of one table. */
export interface TableChanges {
  readonly table: TableName;
  readonly inserted: readonly object[];
  /** Whole rows; what of them may change is what the table's form says. */
  readonly updated: readonly object[];
}
