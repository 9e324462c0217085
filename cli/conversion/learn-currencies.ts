import { findCurrency, useCurrencies } from '../../server/money/currency.js';
import type { Context } from '../context.js';

/** Learns the currencies of the server, which may have others than the built-in ones. */
export async function learnCurrencies(context: Pick<Context, 'api'>): Promise<void> {
  const api = await context.api();
  const { data } = await api.call('GET /v1/currencies', {
    isAnonymous: true,
  });
  useCurrencies(data);
}

/** Learns the currencies of the server where this one is not known. */
export async function learnCurrency(context: Pick<Context, 'api'>, code: string): Promise<void> {
  if (findCurrency(code) === undefined) {
    await learnCurrencies(context);
  }
}
