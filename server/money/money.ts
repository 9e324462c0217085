/** An amount: never a float, never without its currency. */
export interface Money {
  /** Minor units (pennies, yen, fils), a safe integer. */
  readonly minor: number;
  /** A code of the table of currencies. */
  readonly currency: string;
}

/** The most that an amount or a balance may be, in minor units: 2^53 - 1. */
export const maxMinor = Number.MAX_SAFE_INTEGER;

/** Whether a number can be minor units of a balance or an entry, negative ones included. */
export function isSafeMinor(minor: number): boolean {
  return Number.isSafeInteger(minor);
}
