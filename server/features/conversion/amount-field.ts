import { Refusal } from '../../errors.js';
import { type Currency, currencyOf } from '../../money/currency.js';
import { formatAmount } from '../../money/format.js';
import type { Money } from '../../money/money.js';
import { parseAmount } from '../../money/parse.js';

/** Minor units of the amount in a field. Throws INVALID_AMOUNT, which names the field and says what to write instead. */
export function amountField(field: string, text: string, currency: Currency): number {
  const parsed = parseAmount(text, currency);
  if ('fault' in parsed) {
    const errors = [{ field, message: parsed.message }];
    throw new Refusal('INVALID_AMOUNT', parsed.message, { errors });
  }
  return parsed.minor;
}

/** The amount that a body asks for, in the currency of whoever asks unless it names one. Its code was checked before. Throws INVALID_AMOUNT. */
export function amountIn(
  { amount, currency: named }: { readonly amount: string; readonly currency?: string | undefined },
  asker: { readonly currency: string },
): Money {
  const currency = currencyOf(named ?? asker.currency);
  return { minor: amountField('amount', amount, currency), currency: currency.code };
}

/**
 * The amount as answers write it, with all decimals of its currency: a key stands for it however it was spelled. What is no amount of
 * that currency stays as it is, for whoever judges it.
 */
export function plainAmount(text: string, currency: Currency): string {
  const parsed = parseAmount(text, currency);
  return 'fault' in parsed ? text : formatAmount(parsed.minor, currency);
}
