import type { Currency } from './currency.js';
import { currencyOf } from './currency.js';
import type { Money } from './money.js';
import { isSafeMinor } from './money.js';
import type { MoneyJson } from './wire.js';

/**
 * The amount for machines: all decimals of the currency, a point, and a leading minus where it is negative.
 * @throws RangeError where `minor` is a number and not a safe integer; the sum of many amounts may be a bigint.
 */
export function formatAmount(minor: number | bigint, currency: Pick<Currency, 'digits'>): string {
  if (typeof minor === 'number' && !isSafeMinor(minor)) {
    throw new RangeError(`not minor units: ${minor}`);
  }
  // A safe integer stays below 10^21, where String would turn to an exponent.
  const digits = String(minor < 0 ? -minor : minor).padStart(currency.digits + 1, '0');
  const point = digits.length - currency.digits;
  const sign = minor < 0 ? '-' : '';
  return currency.digits === 0 ? sign + digits : `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}

/**
 * The amount as a reader of this locale writes it, with symbol and grouping; `locale` is a BCP 47 tag, by
 * default that of the process.
 * @throws RangeError where `minor` is not a safe integer, or `locale` not a tag.
 */
export function formatForPeople(minor: number, currency: Currency, locale?: string): string {
  const formatter = new Intl.NumberFormat(locale, {
    style: 'currency',
    currency: currency.code,
    minimumFractionDigits: currency.digits,
    maximumFractionDigits: currency.digits,
  });
  // Given the decimal string, Intl keeps every digit; a number would lose the last ones of a large amount.
  return formatter.format(formatAmount(minor, currency) as `${number}`);
}

/** Money as it stands in answers. */
export function moneyJson(money: Money): MoneyJson {
  return { amount: formatAmount(money.minor, currencyOf(money.currency)), currency: money.currency };
}
