import { convertDownAt } from '../../server/money/convert.js';
import { formatAmount } from '../../server/money/format.js';
import { builtInRates, findRated } from '../../server/money/rate-table.js';
import { isRefusedFor } from '../api/verdict.js';
import type { Context } from '../context.js';
import { Failure } from '../failure/failure.js';
import { rehearse } from './rehearse.js';

/** Whether the server refused because of who the other side is, so that no other amount would change it. */
export function isOfThePerson(error: unknown): error is Failure {
  return isRefusedFor(error, 'USER_NOT_FOUND', 'SELF_PAYMENT', 'RECIPIENT_UNAVAILABLE');
}

/** About a pound in this currency: little, and still something in every other currency. */
function little(code: string): string {
  const [pound, currency] = [findRated(builtInRates, 'GBP'), findRated(builtInRates, code)];
  return pound?.rate && currency?.rate
    ? formatAmount(
        convertDownAt(100, { ...pound, rate: pound.rate }, { ...currency, rate: currency.rate }) ?? 1,
        currency,
      )
    : '1';
}

/**
 * The currency that somebody holds, by rehearsing a small payment to them; undefined where that says nothing of it. Nothing is
 * paid.
 * @throws Failure where there is nobody of this name to deal with
 */
export async function lookUpCurrency(
  context: Pick<Context, 'api'>,
  to: string,
  own: string,
): Promise<string | undefined> {
  try {
    const { received } = await rehearse(await context.api(), { to, amount: little(own), currency: own });
    return received.currency;
  } catch (error) {
    const isRefusal = error instanceof Failure && error.details.problem !== undefined;
    if (!isRefusal || error.kind === 'not-logged-in' || isOfThePerson(error)) {
      throw error;
    }
    return undefined;
  }
}
