import * as at from '../../server/money/convert.js';
import { builtInRates, findRated } from '../../server/money/rate-table.js';

/** A currency of the built-in table. */
export function rated(code: string): at.RatedCurrency {
  const currency = findRated(builtInRates, code);
  if (!currency || currency.rate === null) {
    throw new RangeError(`no rate for ${code}`);
  }
  return currency as at.RatedCurrency;
}

export const rateOf = (code: string): string => rated(code).rate;

/** What arrives, at the built-in rates. */
export const convertDown = (minor: number, from: string, to: string): number | undefined =>
  at.convertDownAt(minor, rated(from), rated(to));

/** What it costs to make an amount arrive, at the built-in rates. */
export const costOf = (received: number, from: string, to: string): number | undefined =>
  at.costAt(received, rated(from), rated(to));

export const rateText = (from: string, to: string): string => at.rateText(rated(from), rated(to));
