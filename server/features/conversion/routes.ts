import { z } from 'zod';
import { Refusal } from '../../errors.js';
import { defineRoute } from '../../http/contract/route.js';
import { currencies } from '../../money/currency.js';
import { formatAmount } from '../../money/format.js';
import { baseCurrency, ratesAsOf } from '../../money/rates.js';
import { currencyJson } from '../../money/wire.js';
import { amountField } from './amount-field.js';
import { quoteAtOwnRates } from './converter.js';
import { currencyInPath } from './currency-field.js';
import { conversionSchema, currencyListSchema } from './wire.js';

export function conversionRoutes() {
  return [convertRoute, currenciesRoute];
}

const invalidAmount = (message: string) =>
  new Refusal('INVALID_AMOUNT', message, { errors: [{ field: 'amount', message }] });

const convertRoute = defineRoute({
  method: 'GET',
  path: '/conversion/{from}/{to}/{amount}',
  operationId: 'convert',
  tag: 'Currencies',
  summary: 'What an amount is worth in another currency',
  description: 'Exact until one final rounding, down to the smallest unit of the target.',
  access: { who: 'anyone' },
  params: z.strictObject({
    from: z.string().meta({ description: 'An ISO 4217 code.', examples: ['GBP'] }),
    to: z.string().meta({ description: 'An ISO 4217 code.', examples: ['USD'] }),
    amount: z.string().meta({ description: 'A decimal amount of `from`.', examples: ['10.00'] }),
  }),
  answers: { 200: { description: 'The conversion.', schema: conversionSchema } },
  refusals: ['NOT_FOUND', 'INVALID_AMOUNT'],
  async handle({ params }) {
    const from = currencyInPath(params.from);
    const to = currencyInPath(params.to);
    const minor = amountField('amount', params.amount, from);
    const quote = quoteAtOwnRates({ from: from.code, to: to.code, fixed: 'sent', minor });
    if (!quote) {
      throw invalidAmount(`Write a smaller amount: it cannot be held in ${to.code}.`);
    }
    if (quote.received.minor === 0) {
      throw invalidAmount(`Write a larger amount: it is worth less than the smallest unit of ${to.code}.`);
    }
    return {
      status: 200,
      body: {
        from: from.code,
        to: to.code,
        amount: formatAmount(minor, from),
        rate: quote.rate,
        converted: formatAmount(quote.received.minor, to),
        rounding: 'down',
        ratesAsOf,
      },
    };
  },
});

const currenciesRoute = defineRoute({
  method: 'GET',
  path: '/v1/currencies',
  operationId: 'listCurrencies',
  tag: 'Currencies',
  summary: 'The currencies and their fixed rates',
  access: { who: 'anyone' },
  answers: { 200: { description: 'All of them.', schema: currencyListSchema } },
  async handle() {
    return { status: 200, body: { base: baseCurrency, ratesAsOf, data: currencies.map(currencyJson) } };
  },
});
