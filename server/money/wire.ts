import * as z from 'zod';
import type { RatedOrNot } from './rate-table.js';

const decimal = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?$/;

/** Money as it stands in every answer. */
export const moneySchema = z
  .strictObject({
    amount: z
      .string()
      .regex(decimal)
      .meta({
        description: 'A decimal string with all decimals of the currency.',
        examples: ['12.50'],
      }),
    currency: z
      .string()
      .regex(/^[A-Z]{3}$/)
      .meta({ description: 'The code of a currency of this server.', examples: ['GBP'] }),
  })
  .meta({
    id: 'Money',
    description: 'An amount with its currency. Never a JSON number, so that no digit is lost on the way.',
    examples: [{ amount: '12.50', currency: 'GBP' }],
  });

export type MoneyJson = z.output<typeof moneySchema>;

/** A currency that people may hold, with its rate. */
export const currencySchema = z
  .strictObject({
    code: z
      .string()
      .regex(/^[A-Z]{3}$/)
      .meta({ description: 'The ISO 4217 code, or one of the operator’s own.' }),
    name: z.string().meta({ description: 'Its name.' }),
    symbol: z
      .string()
      .meta({ description: 'How people write it; the code where nothing shorter is unmistakable.' }),
    digits: z.int().min(0).max(6).meta({ description: 'How many decimals an amount of it has.' }),
    rate: z
      .string()
      .regex(/^(?:0|[1-9][0-9]*)(?:\.[0-9]+)?$/)
      .nullable()
      .meta({
        description:
          'Units of it for one unit of the base currency, exact; null where it converts to nothing.',
      }),
  })
  .meta({
    id: 'Currency',
    description: 'A currency that people may hold.',
    examples: [{ code: 'USD', name: 'US Dollar', symbol: '$', digits: 2, rate: '1.27' }],
  });

export type CurrencyJson = z.output<typeof currencySchema>;

/** A currency as it stands in answers. */
export const currencyJson = ({ code, name, symbol, digits, rate }: RatedOrNot): CurrencyJson => ({
  code,
  name,
  symbol,
  digits,
  rate,
});
