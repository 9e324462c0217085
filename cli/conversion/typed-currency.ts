import { findCurrency } from '../../server/money/currency.js';
import type { Context } from '../context.js';
import { Failure } from '../failure/failure.js';
import { currencyCode, looksLikeCurrency } from '../terminal/amount.js';
import { learnCurrency } from './learn-currencies.js';

/**
 * The currency behind an amount, judged before anything is asked or sent, since people new to it also write other things there;
 * `otherwise` says where those go. The server is asked only for a code that is none of the usual ones. @throws Failure
 */
export async function typedCurrency(
  context: Pick<Context, 'api'>,
  word: string | undefined,
  otherwise: string,
): Promise<string | undefined> {
  const code = currencyCode(word);
  if (word === undefined || code === undefined) {
    return undefined;
  }
  const next = [otherwise, 'See the currencies: pay rates'];
  if (!looksLikeCurrency(word)) {
    throw new Failure('usage', `"${word}" is no currency.`, { next });
  }
  await learnCurrency(context, code);
  if (findCurrency(code) === undefined) {
    throw new Failure('not-found', `${code} is not a currency of this server.`, { next });
  }
  return code;
}
