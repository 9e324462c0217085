import { z } from 'zod';
import { findCurrency } from '../money/currency.js';

export const currencyCodeSchema = z
  .string()
  .refine((code) => findCurrency(code) !== undefined, {
    error: 'is not a currency of this server; GET /v1/currencies lists them',
    params: { code: 'UNKNOWN_CURRENCY' },
  })
  .meta({ description: 'An ISO 4217 code.', examples: ['GBP'] });
