import { z } from 'zod';
import { Refusal } from '../../errors.js';
import { type Currency, findCurrency } from '../../money/currency.js';

export const currencyCodeSchema = z
  .string()
  .refine((code) => findCurrency(code) !== undefined, {
    error: 'is not a currency of this server; GET /v1/currencies lists them',
    params: { code: 'UNKNOWN_CURRENCY' },
  })
  .meta({ description: 'An ISO 4217 code.', examples: ['GBP'] });

/** The currency that a path names. Throws NOT_FOUND. */
export function currencyInPath(code: string): Currency {
  const currency = findCurrency(code);
  if (!currency) {
    throw new Refusal(
      'NOT_FOUND',
      `${code} is not a currency of this server. GET /v1/currencies lists them.`,
    );
  }
  return currency;
}
