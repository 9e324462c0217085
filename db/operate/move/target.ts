import type { Readable } from '../../open/read-in-order.js';
import type { TableName } from '../../rows.js';

/** A row of a table, by the names of its columns. */
export type MovedRow = Readonly<Record<string, string | number | null>>;

/** Where books are moved to: nobody sees anything of them there before they are whole. */
export interface MoveTarget {
  /** The target as it is shown. */
  readonly place: string;
  /** Reads what is there so far. */
  readonly view: Readable;
  /** Puts the rows of a table there, of which each page is read while the one before is written. */
  put(table: TableName, pages: AsyncIterable<readonly MovedRow[]>): Promise<void>;
  /** Puts right what was left out while rows came; the constraints hold again afterwards. */
  complete(): Promise<void>;
  /** Makes the target the books, durably. */
  keep(): Promise<void>;
  /** Closes the target; unless it was kept, nothing of it is left. */
  close(): Promise<void>;
}
