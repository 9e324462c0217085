/** One line of a payouts file. */
export interface PayoutLine {
  /** The line of the file that it begins on, counted from 1. */
  readonly line: number;
  readonly to: string;
  readonly amount: string;
  /** The amount as it stands in the file, where that is with a decimal comma. */
  readonly written?: string;
  readonly currency?: string;
  readonly memo?: string;
}

/** Something that is wrong with a line. */
export interface LineFault {
  readonly line: number;
  readonly message: string;
}
