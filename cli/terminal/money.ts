import { findCurrency } from '../../server/money/currency.js';
import { formatForPeople } from '../../server/money/format.js';
import type { MoneyJson } from '../../server/money/wire.js';
import { visible } from './text/visible.js';

// Amounts below a thousand are written here as the server writes them. To ask Intl, which reads its tables first, would take
// a small command a tenth of its time.
const plainLocales: readonly (string | undefined)[] = ['en-GB', 'en-US'];
const plainAmount = /^-?[0-9]{1,3}(?:\.[0-9]+)?$/;

/** The locale with the digits 0 to 9, in which amounts are typed. */
function inTypedDigits(locale: string): string {
  const { numberingSystem } = new Intl.NumberFormat(locale).resolvedOptions();
  return numberingSystem === 'latn' ? locale : `${locale}-u-nu-latn`;
}

/** A number of Intl without its marks of direction, which are made visible where others have written them. */
function withoutDirection(text: string): string {
  return text.replace(/[\u061c\u200e\u200f]/g, '');
}

/**
 * The locale whose separators the reader is used to, from the POSIX variables; undefined where they
 * say nothing that Intl knows.
 */
export function readerLocale(environment: Readonly<Record<string, string | undefined>>): string | undefined {
  const name = environment.LC_ALL || environment.LC_MONETARY || environment.LANG || '';
  const tag = name.replace(/[.@].*$/, '').replaceAll('_', '-');
  if (tag === '' || tag === 'C' || tag === 'POSIX') {
    return 'en-GB';
  }
  if (plainLocales.includes(tag)) {
    return tag;
  }
  try {
    const [known] = Intl.NumberFormat.supportedLocalesOf(tag);
    return known === undefined ? undefined : inTypedDigits(known);
  } catch {
    return undefined;
  }
}

const decimal = /^-?[0-9]+(?:\.[0-9]+)?$/;

/** A decimal string with the reader's separators, every digit kept; what is no decimal string is only made visible. */
export function groupedDigits(amount: string, locale?: string): string {
  if (!decimal.test(amount)) {
    return visible(amount);
  }
  if (plainLocales.includes(locale) && plainAmount.test(amount)) {
    return amount;
  }
  const decimals = amount.split('.')[1]?.length ?? 0;
  const formatter = new Intl.NumberFormat(locale, {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  });
  // Given the string, Intl keeps every digit; a number would lose the last ones of a large amount.
  return withoutDirection(formatter.format(amount as `${number}`));
}

/** Money in a sentence or a table: "1,000.00 GBP", with the code because "$" says too little. */
export function moneyText(money: MoneyJson, locale?: string): string {
  return `${groupedDigits(money.amount, locale)} ${visible(money.currency)}`;
}

/** Money as a headline, with its symbol: "£1,000.00"; with its code where this program does not know the currency. */
export function moneyHeadline(money: MoneyJson, locale?: string): string {
  const currency = findCurrency(money.currency);
  const decimals = money.amount.split('.')[1]?.length ?? 0;
  if (currency === undefined || currency.digits !== decimals || !decimal.test(money.amount)) {
    return moneyText(money, locale);
  }
  return withoutDirection(formatForPeople(Number(money.amount.replace('.', '')), currency, locale));
}

/** The decimal point of the reader's locale. */
export function decimalPoint(locale?: string): string {
  const parts = new Intl.NumberFormat(locale).formatToParts(1.5);
  return parts.find(({ type }) => type === 'decimal')?.value ?? '.';
}
