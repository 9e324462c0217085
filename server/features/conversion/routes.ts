import * as z from 'zod';
import { Refusal } from '../../errors.js';
import { defineRoute } from '../../http/contract/route.js';
import { formatAmount } from '../../money/format.js';
import { currencyJson } from '../../money/wire.js';
import { amountField } from './amount-field.js';
import { currencyInPath } from './currency-field.js';
import type { Exchange } from './exchange.js';
import { conversionSchema, currencyListSchema } from './wire.js';

export interface ConversionParts {
  readonly exchange: Exchange;
}

export function conversionRoutes(parts: ConversionParts) {
  return [convertRoute(parts), currenciesRoute(parts)];
}

const invalidAmount = (message: string) =>
  new Refusal('INVALID_AMOUNT', message, { errors: [{ field: 'amount', message }] });

const convertRoute = ({ exchange }: ConversionParts) =>
  defineRoute({
    method: 'GET',
    path: '/conversion/{from}/{to}/{amount}',
    operationId: 'convert',
    tag: 'Currencies',
    summary: 'What an amount is worth in another currency',
    description: 'Exact until one final rounding, down to the smallest unit of the target.',
    access: { who: 'anyone' },
    params: z.strictObject({
      from: z.string().meta({ description: 'The code of a currency.', examples: ['GBP'] }),
      to: z.string().meta({ description: 'The code of a currency.', examples: ['USD'] }),
      amount: z.string().meta({ description: 'A decimal amount of `from`.', examples: ['10.00'] }),
    }),
    answers: { 200: { description: 'The conversion.', schema: conversionSchema } },
    refusals: ['NOT_FOUND', 'INVALID_AMOUNT', 'NOT_CONVERTIBLE', 'CONVERSION_UNAVAILABLE'],
    async handle({ params }) {
      const from = currencyInPath(params.from);
      const to = currencyInPath(params.to);
      const minor = amountField('amount', params.amount, from);
      const quote = await exchange.convert({ from: from.code, to: to.code, fixed: 'sent', minor });
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
          ratesAsOf: quote.ratesAsOf,
        },
      };
    },
  });

const currenciesRoute = ({ exchange }: ConversionParts) =>
  defineRoute({
    method: 'GET',
    path: '/v1/currencies',
    operationId: 'listCurrencies',
    tag: 'Currencies',
    summary: 'The currencies and their rates',
    description:
      'Of the built-in table, the operator’s file or another conversion service: what payments go by.',
    access: { who: 'anyone' },
    answers: { 200: { description: 'All of them.', schema: currencyListSchema } },
    refusals: ['CONVERSION_UNAVAILABLE'],
    async handle() {
      const { base, asOf, source, currencies } = await exchange.shown();
      return { status: 200, body: { base, ratesAsOf: asOf, source, data: currencies.map(currencyJson) } };
    },
  });
