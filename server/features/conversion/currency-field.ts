import { Refusal } from '../../errors.js';
import { type Currency, findCurrency } from '../../money/currency.js';

export const currencyNotFound = (code: string) =>
  new Refusal('NOT_FOUND', `${code} is not a currency of this server.`, { see: 'listCurrencies' });

/** The currency that a path names. Throws NOT_FOUND. */
export function currencyInPath(code: string): Currency {
  const currency = findCurrency(code);
  if (!currency) {
    throw currencyNotFound(code);
  }
  return currency;
}
