import { currencyOf } from '../../../../server/money/currency.js';
import { rates } from '../../../../server/money/rates.js';

const rateScale = 10;

/** So many minor units of a currency buy one pound; both scaled to whole numbers. */
function minorUnitsPerPound(currency: string): bigint {
  const [whole = '', decimals = ''] = (rates[currency] ?? '').split('.');
  return BigInt(whole + decimals.padEnd(rateScale, '0')) * 10n ** BigInt(currencyOf(currency).digits);
}

/** What arrives, rounded down. */
export function receivedFor(sent: bigint, from: string, to: string): bigint {
  return (sent * minorUnitsPerPound(to)) / minorUnitsPerPound(from);
}

/** What must be sent, rounded up. */
export function costFor(received: bigint, from: string, to: string): bigint {
  const [dividend, divisor] = [received * minorUnitsPerPound(from), minorUnitsPerPound(to)];
  return dividend % divisor === 0n ? dividend / divisor : dividend / divisor + 1n;
}
