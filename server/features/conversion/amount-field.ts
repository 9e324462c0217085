import { Refusal } from '../../errors.js';
import type { Currency } from '../../money/currency.js';
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
