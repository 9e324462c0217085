import { Refusal } from '../../errors.js';
import { type Currency, findCurrency } from '../../money/currency.js';

/** The currency that a path names. Throws NOT_FOUND. */
export function currencyInPath(code: string): Currency {
  const currency = findCurrency(code);
  if (!currency) {
    throw new Refusal('NOT_FOUND', `${code} is not a currency of this server.`, { see: 'listCurrencies' });
  }
  return currency;
}
