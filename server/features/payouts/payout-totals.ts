import { Refusal } from '../../errors.js';
import { isSafeMinor, type Money } from '../../money/money.js';
import type { Quote } from '../conversion/converter.js';

/** Throws INVALID_AMOUNT where the sum is more than can be counted exactly. */
function sumOf(minors: readonly number[]): number {
  const sum = minors.reduce((total, minor) => total + minor, 0);
  // A sum of safe integers that passes the largest never comes back below it, however it is rounded.
  if (!isSafeMinor(sum)) {
    throw new Refusal(
      'INVALID_AMOUNT',
      'All items together are more than can be counted exactly. Nobody was paid; split them.',
    );
  }
  return sum;
}

/** Minor units of the sender's currency that the payments take together. Throws INVALID_AMOUNT. */
export function sentTogether(quotes: readonly Pick<Quote, 'sent'>[]): number {
  return sumOf(quotes.map(({ sent }) => sent.minor));
}

/** The sums that arrive, one for each currency, in the order of their codes. Throws INVALID_AMOUNT. */
export function receivedTogether(quotes: readonly Pick<Quote, 'received'>[]): readonly Money[] {
  const currencies = [...new Set(quotes.map(({ received }) => received.currency))].sort();
  return currencies.map((currency) => ({
    currency,
    minor: sumOf(
      quotes.filter(({ received }) => received.currency === currency).map(({ received }) => received.minor),
    ),
  }));
}
