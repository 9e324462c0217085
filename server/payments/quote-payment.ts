import { type Quote, quoteAtOwnRates } from '../conversion/converter.js';
import { Refusal } from '../errors.js';
import type { Money } from '../money/money.js';

export const invalidAmount = (field: string, message: string) =>
  new Refusal('INVALID_AMOUNT', `The ${field} ${message}.`, { errors: [{ field, message }] });

/** Which side of the payment the amount fixes. Throws VALIDATION_FAILED for a currency that neither party has. */
export function fixedSide(amount: Money, from: string, to: string): 'sent' | 'received' {
  if (amount.currency === from) {
    return 'sent';
  }
  if (amount.currency === to) {
    return 'received';
  }
  const message = `must be the sender's (${from}) or the receiver's (${to})`;
  throw new Refusal('VALIDATION_FAILED', `The currency ${message}.`, {
    errors: [{ field: 'currency', message }],
  });
}

/**
 * What a payment of this amount moves on either side, at the quote of another conversion service or the own rates.
 * Throws INVALID_AMOUNT when nothing, or too much, would move.
 */
export function quotePayment(amount: Money, from: string, to: string, asked: Quote | undefined): Quote {
  const fixed = fixedSide(amount, from, to);
  const quote = asked ?? quoteAtOwnRates({ from, to, fixed, minor: amount.minor });
  if (!quote) {
    throw invalidAmount('amount', 'is too large to be converted');
  }
  if (quote.received.minor === 0) {
    throw invalidAmount('amount', `is worth less than the smallest unit of ${to}; send more`);
  }
  return quote;
}
