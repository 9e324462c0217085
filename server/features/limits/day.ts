import type { PaymentKind } from '../../../db/tables/payments.js';

/** A day that rolls with the clock, in microseconds. */
export const dayMicros = 24 * 60 * 60 * 1_000_000;

/**
 * The kinds of payment that count: those that users make of their own accord. What they give back, and what an
 * administrator takes, does not.
 */
export const countedKinds = ['transfer', 'request'] as const satisfies readonly PaymentKind[];

/** The first time that still counts: what was paid exactly a day ago no longer does. */
export const startOfDay = (now: number) => now - dayMicros + 1;

/** The sum of what was paid within the last day. */
export interface Paid {
  readonly minor: number;
  /** When the first of those payments was made; null where nothing was paid. */
  readonly firstAt: number | null;
}

/** The sum of several such sums. */
export function addUp(parts: readonly { readonly sum: number; readonly first: number | null }[]): Paid {
  const times = parts.flatMap(({ first }) => (first === null ? [] : [first]));
  return {
    minor: parts.reduce((total, { sum }) => total + sum, 0),
    firstAt: times.length === 0 ? null : Math.min(...times),
  };
}
