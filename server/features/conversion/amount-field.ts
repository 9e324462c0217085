import { z } from 'zod';
import { Refusal } from '../../errors.js';
import type { Currency } from '../../money/currency.js';
import { parseAmount } from '../../money/parse.js';

const longestAmount = 64;

/** An amount as it travels. Its grammar is judged once its currency is known. */
export const amountTextSchema = z
  .string({ error: 'must be a string such as "12.50", not a number' })
  .refine((text) => text.length <= longestAmount, {
    error: 'is too long for an amount',
    params: { code: 'INVALID_AMOUNT' },
  })
  .meta({
    description: "A decimal string in the currency's own digits.",
    maxLength: longestAmount,
    examples: ['12.50'],
  });

/** Minor units of the amount in a field. Throws INVALID_AMOUNT, which names the field and says what to write instead. */
export function amountField(field: string, text: string, currency: Currency): number {
  const parsed = parseAmount(text, currency);
  if ('fault' in parsed) {
    const errors = [{ field, message: parsed.message }];
    throw new Refusal('INVALID_AMOUNT', parsed.message, { errors });
  }
  return parsed.minor;
}
