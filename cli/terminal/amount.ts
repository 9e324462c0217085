import { findCurrency } from '../../server/money/currency.js';
import { parseAmount } from '../../server/money/parse.js';
import { Failure } from '../failure.js';
import { visible } from './visible.js';

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
    throw new Failure('usage', `${visible(amount)} is no amount. ${fault}`);
  }
}

/** A currency as people type it: codes are upper case. */
export function currencyCode(text: string | undefined): string | undefined {
  return text?.toUpperCase();
}
