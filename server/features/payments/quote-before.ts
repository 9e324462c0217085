import { Refusal } from '../../errors.js';
import type { Money } from '../../money/money.js';
import type { Converter } from '../conversion/converter.js';
import { type OutsideQuote, sideOf } from './quote-payment.js';

/** The quote for a receiver who is found only when the ledger decides, and so was not asked about. */
export const justRegistered: OutsideQuote = {
  unavailable: 'The receiver has only just registered; nothing was done. Repeat it in a moment.',
};

/** The quote that a refusal of the other service leaves the ledger: what has no rate, the ledger sees by the rates in force. */
function quoteOrReason(error: unknown): OutsideQuote {
  if (error instanceof Refusal && error.code === 'CONVERSION_UNAVAILABLE') {
    return { unavailable: error.message };
  }
  if (error instanceof Refusal && error.code === 'NOT_CONVERTIBLE') {
    return null;
  }
  throw error;
}

/** Another conversion service's quote, asked before the ledger decides; null where it plays no part. */
export async function quoteBefore(
  converter: Converter,
  amount: Money,
  from: string,
  to: string,
): Promise<OutsideQuote> {
  const fixed = sideOf(amount, from, to);
  if (from === to || fixed === undefined) {
    return null;
  }
  try {
    return { quote: await converter({ from, to, fixed, minor: amount.minor }) };
  } catch (error) {
    return quoteOrReason(error);
  }
}
