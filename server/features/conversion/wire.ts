import * as z from 'zod';
import { currencySchema } from '../../money/wire.js';

export const conversionSchema = z
  .strictObject({
    from: z.string(),
    to: z.string(),
    amount: z.string(),
    rate: z.string().meta({ description: 'To ten significant digits, to be read, not computed with.' }),
    converted: z.string(),
    rounding: z.literal('down'),
    ratesAsOf: z.iso.date(),
  })
  .meta({
    id: 'Conversion',
    examples: [
      {
        from: 'GBP',
        to: 'USD',
        amount: '10.00',
        rate: '1.27',
        converted: '12.70',
        rounding: 'down',
        ratesAsOf: '2026-11-20',
      },
    ],
  });

export const currencyListSchema = z
  .strictObject({
    base: z.string().meta({ description: 'The currency that the rates are given against.' }),
    ratesAsOf: z.iso.date().meta({ description: 'The date of the rates.' }),
    source: z.string().meta({
      description:
        'Where they come from: the built-in table, what the operator’s file says, or the address of another service.',
    }),
    data: z.array(currencySchema),
  })
  .meta({ id: 'Currencies' });

export type CurrencyListJson = z.output<typeof currencyListSchema>;
