import type { Converter, Quote } from '../conversion/converter.js';
import type { Money } from '../money/money.js';
import { fixedSide } from './quote-payment.js';

/** Another conversion service's quote, asked before the ledger decides; null where there is nothing to convert. */
export async function quoteBefore(
  converter: Converter,
  amount: Money,
  from: string,
  to: string,
): Promise<{ readonly quote: Quote } | null> {
  if (from === to) {
    return null;
  }
  const quote = await converter({ from, to, fixed: fixedSide(amount, from, to), minor: amount.minor });
  return quote ? { quote } : null;
}
