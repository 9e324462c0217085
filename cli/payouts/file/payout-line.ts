/** One payment of a payouts file, as the server gets it. */
export interface PayoutItem {
  readonly to: string;
  readonly amount: string;
  readonly currency?: string;
  readonly memo?: string;
}

/** One line of a payouts file. */
export interface PayoutLine extends PayoutItem {
  /** The line of the file that it begins on, counted from 1. */
  readonly line: number;
  /** The amount as it stands in the file, where that is with a decimal comma. */
  readonly written?: string;
}

/** The payment that a line asks for. */
export const itemOf = ({ to, amount, currency, memo }: PayoutLine): PayoutItem => ({
  to,
  amount,
  ...(currency !== undefined && { currency }),
  ...(memo !== undefined && { memo }),
});

/** Something that is wrong with a line. */
export interface LineFault {
  readonly line: number;
  readonly message: string;
}
