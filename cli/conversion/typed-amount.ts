import { findCurrency } from '../../server/money/currency.js';
import type { Context } from '../context.js';
import { withPoint } from '../terminal/amount.js';
import { decimalPoint } from '../terminal/money.js';
import { learnCurrency } from './learn-currencies.js';

type Reader = Pick<Context, 'prompts' | 'stdout' | 'isJson' | 'locale' | 'api'>;

/**
 * An amount of the command line as a person typed it on a terminal, with the decimal mark of their locale where it can be nothing
 * else; programs write a point. The currency is looked up only where that mark is there. @throws Failure
 */
export async function typedAmount(
  context: Reader,
  amount: string,
  currency: string | (() => Promise<string>),
): Promise<string> {
  const { prompts, stdout, isJson, locale } = context;
  const isPerson = prompts.canAsk && stdout.isTerminal && !isJson;
  const point = decimalPoint(locale);
  if (!isPerson || point === '.' || !amount.includes(point)) {
    return amount;
  }
  const code = typeof currency === 'string' ? currency : await currency();
  await learnCurrency(context, code);
  return withPoint(amount, findCurrency(code)?.digits, locale);
}
