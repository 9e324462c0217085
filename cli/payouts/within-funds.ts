import type { MoneyJson } from '../../server/money/wire.js';
import type { LineResult } from './line-result.js';
import { minorOf } from './sum-money.js';

/**
 * The results of a rehearsal in which lines are refused for which those before them leave too little: the server judges each call as
 * though it were the first.
 */
export function withinFunds(results: readonly LineResult[], available: MoneyJson): readonly LineResult[] {
  let left = minorOf(available.amount);
  return results.map((result) => {
    if (result.payment === null) {
      return result;
    }
    const required = result.payment.sent;
    const minor = minorOf(required.amount);
    if (minor > left) {
      const error = {
        code: 'INSUFFICIENT_FUNDS',
        detail: `What is left by the lines before it does not suffice for ${required.amount} ${required.currency}.`,
        available,
        required,
      };
      return { ...result, status: 'refused', payment: null, error };
    }
    left -= minor;
    return result;
  });
}
