import { currencyOf } from '../../server/money/currency.js';
import { rateOf } from './built-in-rates.js';

/** Any decimal string with its point moved right and the point dropped. */
function shifted(decimal: string, places: number): string {
  const [whole = '', decimals = ''] = decimal.split('.');
  return (whole + decimals.padEnd(places, '0')).replace(/^0+(?=[0-9])/, '');
}

function times(one: string, other: string): string {
  const digits = new Array<number>(one.length + other.length).fill(0);
  for (let i = one.length - 1; i >= 0; i -= 1) {
    for (let j = other.length - 1; j >= 0; j -= 1) {
      const sum = Number(one[i]) * Number(other[j]) + (digits[i + j + 1] ?? 0);
      digits[i + j + 1] = sum % 10;
      digits[i + j] = (digits[i + j] ?? 0) + Math.floor(sum / 10);
    }
  }
  return digits.join('').replace(/^0+(?=[0-9])/, '');
}

function isAtLeast(one: string, other: string): boolean {
  return one.length === other.length ? one >= other : one.length > other.length;
}

function minus(one: string, other: string): string {
  let borrow = 0;
  let difference = '';
  for (let place = 1; place <= one.length; place += 1) {
    const digit = Number(one[one.length - place]) - Number(other[other.length - place] ?? 0) - borrow;
    borrow = digit < 0 ? 1 : 0;
    difference = `${(digit + 10) % 10}${difference}`;
  }
  return difference.replace(/^0+(?=[0-9])/, '');
}

/**
 * The conversion of so many minor units as a division of two whole numbers written in decimal: another way to the same
 * quotient than the one under test, with all rates brought to eight decimals and all amounts to thousandths.
 */
export function scaledRate(
  minor: number,
  from: string,
  to: string,
): { readonly dividend: string; readonly divisor: string } {
  const thousandths = `${minor}${'0'.repeat(3 - currencyOf(from).digits)}`.replace(/^0+(?=[0-9])/, '');
  const coarser = `1${'0'.repeat(3 - currencyOf(to).digits)}`;
  return {
    dividend: times(thousandths, shifted(rateOf(to), 8)),
    divisor: times(shifted(rateOf(from), 8), coarser),
  };
}

/** Division as taught in school, digit by digit. */
export function longDivision(
  dividend: string,
  divisor: string,
): { readonly quotient: string; readonly isExact: boolean } {
  let quotient = '';
  let rest = '0';
  for (const digit of dividend) {
    rest = `${rest}${digit}`.replace(/^0+(?=[0-9])/, '');
    let times = 0;
    while (isAtLeast(rest, divisor)) {
      rest = minus(rest, divisor);
      times += 1;
    }
    quotient += `${times}`;
  }
  return { quotient: quotient.replace(/^0+(?=[0-9])/, ''), isExact: rest === '0' };
}
