import type { TableName } from '../../../db/rows.js';
import type { ChainHeadRow } from '../../../db/tables/acts.js';
import type { NumberedTable } from '../../../db/tables.js';

/** The state of the books when a ledger comes to them. */
export interface BookState {
  /** The ends of the writer's own chains. */
  readonly heads: readonly ChainHeadRow[];
  /** How many batches all writers have committed. */
  readonly commits: number;
  /** The newest number of each table that has numbers. */
  readonly newest: Readonly<Record<NumberedTable, number>>;
  /** The time of the newest payment of any writer; zero before the first. */
  readonly newestMicros: number;
  /** All rows of those tables that are read whole and are few. */
  readonly whole: readonly { readonly table: TableName; readonly rows: readonly object[] }[];
}
