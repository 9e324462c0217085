import type { RatesRow } from '../../../db/tables/payments.js';
import { Refusal } from '../../errors.js';
import type { PaymentRates } from '../../ledger/chain.js';
import type { Money } from '../../money/money.js';
import { type Quote, quoteAt } from '../conversion/converter.js';
import { tableOf } from '../conversion/rates-in-book.js';

/**
 * The word of another conversion service, asked before: its quote, or why there is none. Null where the server's own rates
 * count. A failure is judged with all the rest, so that a replay gets its first answer while that service is down.
 */
export type OutsideQuote = { readonly quote: Quote | undefined } | { readonly unavailable: string } | null;

const invalidAmount = (message: string) =>
  new Refusal('INVALID_AMOUNT', `The amount ${message}.`, { errors: [{ field: 'amount', message }] });

/** The side of the payment that the amount fixes; undefined for a currency that neither party has. */
export function sideOf(amount: Money, from: string, to: string): 'sent' | 'received' | undefined {
  if (amount.currency === from) {
    return 'sent';
  }
  return amount.currency === to ? 'received' : undefined;
}

/** The side that the amount fixes. Throws VALIDATION_FAILED where it fixes none. */
function fixedSide(amount: Money, from: string, to: string): 'sent' | 'received' {
  const side = sideOf(amount, from, to);
  if (side !== undefined) {
    return side;
  }
  const message = `must be the sender's (${from}) or the receiver's (${to})`;
  throw new Refusal('VALIDATION_FAILED', `The currency ${message}.`, {
    errors: [{ field: 'currency', message }],
  });
}

/** A quote, and the rates that its rate is of: null within one currency. */
export type PaymentQuote = Quote & { readonly rates: PaymentRates | null };

/**
 * The quote of a payment of this amount: what it moves on either side, at the rates in force or as the other service has
 * said. Throws INVALID_AMOUNT when nothing, or too much, would move, CONVERSION_UNAVAILABLE when the service that was asked
 * did not answer, NOT_CONVERTIBLE where a currency has no rate.
 */
export function quotePayment(
  amount: Money,
  from: string,
  to: string,
  facts: OutsideQuote,
  inForce: RatesRow,
): PaymentQuote {
  const fixed = fixedSide(amount, from, to);
  if (facts && 'unavailable' in facts && from !== to) {
    throw new Refusal('CONVERSION_UNAVAILABLE', facts.unavailable, { retryAfterSeconds: 2 });
  }
  const quote =
    facts && 'quote' in facts
      ? facts.quote
      : quoteAt(tableOf(inForce), { from, to, fixed, minor: amount.minor });
  if (!quote) {
    throw invalidAmount('is too large to be converted');
  }
  if (quote.received.minor === 0) {
    // Another service refuses what is too small and what is too large alike.
    throw invalidAmount(
      facts
        ? 'is too small or too large to be converted'
        : `is worth less than the smallest unit of ${to}; send more`,
    );
  }
  const { sent, received, rate, ratesAsOf } = quote;
  return { sent, received, rate, ratesAsOf, rates: from === to ? null : inForce };
}
