import type { Cursors } from './cursor.js';

/** Who asks for a list, and from where. */
export interface ListReader {
  readonly userId: number;
  readonly address: string;
}

/** A list that is being given whole, a part at a time. */
export interface ExportTurn {
  /** Reads a part when its turn comes. Throws as `inTurn` does. */
  inTurn<Result>(read: () => Promise<Result>): Promise<Result>;
  /** Says that the export is over, whether to its end or not. */
  close(): void;
}

/** What all lists share: their cursors, and the turns in which they are read. */
export interface ListTurns {
  readonly cursors: Cursors;
  /** Reads what a user asks for when its turn comes. Throws RATE_LIMITED, or OVERLOADED, also for what takes too long. */
  inTurn<Result>(reader: ListReader, read: () => Promise<Result>): Promise<Result>;
  /** Begins an export; `cut` breaks it off where its place goes to another. Throws RATE_LIMITED or OVERLOADED where there are too many. */
  beginExport(reader: ListReader, cut: () => void): ExportTurn;
}
