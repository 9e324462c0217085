import { findCurrency } from '../../server/money/currency.js';
import { parseAmount } from '../../server/money/parse.js';
import { Failure } from '../failure/failure.js';
import { decimalPoint } from './money.js';

/** What is wrong with an amount by the one grammar, as a sentence; undefined where it is right or the currency is the server's to know. */
export function amountFault(amount: string, currencyCode: string | undefined): string | undefined {
  const currency = currencyCode === undefined ? undefined : findCurrency(currencyCode);
  if (currency === undefined) {
    return undefined;
  }
  const parsed = parseAmount(amount, currency);
  return 'message' in parsed ? parsed.message : undefined;
}

/** Refuses a wrong amount before anything is sent. @throws Failure (usage) */
export function checkAmount(amount: string, currencyCode: string | undefined): void {
  const fault = amountFault(amount, currencyCode);
  if (fault !== undefined) {
    throw new Failure('usage', `"${amount}" is no amount. ${fault}`);
  }
}

/**
 * An amount with the reader's decimal mark as the one grammar has it: where the mark cannot be one of thousands, being the only one
 * with no more digits behind it than the currency has. Anything else stays as it is, to be judged.
 */
export function withPoint(amount: string, digits: number | undefined, locale: string | undefined): string {
  if (/^[0-9.]*$/.test(amount) || !digits) {
    return amount;
  }
  const [whole = '', fraction = '', ...more] = amount.split(decimalPoint(locale));
  const isDecimal = /^[0-9]+$/.test(whole) && /^[0-9]+$/.test(fraction) && fraction.length <= digits;
  return isDecimal && more.length === 0 ? `${whole}.${fraction}` : amount;
}

/** Whether a word may be the code of a currency, in upper case or lower; only the server knows whether it is one. */
export const looksLikeCurrency = (word: string): boolean => /^[A-Za-z]{3}$/.test(word);

/** A currency as people type it: codes are upper case. */
export function currencyCode(text: string | undefined): string | undefined {
  return text?.toUpperCase();
}
