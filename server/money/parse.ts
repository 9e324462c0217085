import type { Currency } from './currency.js';
import { maxMinor } from './money.js';

export type AmountFault =
  | 'not_text'
  | 'malformed'
  | 'too_long'
  | 'too_many_decimals'
  | 'not_positive'
  | 'too_large';

export type ParsedAmount =
  | { readonly minor: number }
  | { readonly fault: AmountFault; readonly message: string };

// The largest amount has 16 digits and a point; what is longer is refused before it is read.
const maxLength = 32;

const grammar = /^(?<whole>0|[1-9][0-9]*)(?:\.(?<decimals>[0-9]+))?$/;

/** Whether a text has the form of an amount of some currency. */
export const hasAmountForm = (text: string): boolean => grammar.test(text);

const hints: readonly (readonly [RegExp, string])[] = [
  [/\s/, 'without spaces'],
  [/^[+\-\u2212]/, 'without a sign'],
  [/[^\P{Nd}0-9]/u, 'in the digits 0 to 9'],
  [/^0[xob]/i, 'in decimal digits'],
  [/^[0-9.]+e[+-]?[0-9]+$/i, 'without an exponent'],
  [/[,_'’٫٬]/, 'without separators between the digits, and with a point before the decimals'],
  [/^\./, 'with a digit before the point'],
  [/^[^.]*\.$/, 'with digits after the point, or without the point'],
  [/^0[0-9]/, 'without leading zeros'],
];

function example(currency: Currency): string {
  return currency.digits === 0 ? '"1500"' : `"12.${'5'.padEnd(currency.digits, '0')}"`;
}

function malformed(text: string, currency: Currency): string {
  const hint = hints.find(([pattern]) => pattern.test(text))?.[1];
  return hint === undefined
    ? `Write the amount in digits, such as ${example(currency)}.`
    : `Write the amount ${hint}, such as ${example(currency)}.`;
}

function tooManyDecimals(currency: Currency): string {
  return currency.digits === 0
    ? `${currency.code} has no decimals: write a whole number, such as ${example(currency)}.`
    : `${currency.code} has at most ${currency.digits} decimals: write it such as ${example(currency)}.`;
}

/**
 * Reads an amount by the one grammar: ASCII digits and a point, at most the decimals of the
 * currency, above zero, at most 2^53 - 1 minor units. Gives the minor units, or what is wrong with a sentence that
 * says what to write instead.
 */
export function parseAmount(text: unknown, currency: Currency): ParsedAmount {
  if (typeof text !== 'string') {
    return { fault: 'not_text', message: `Write the amount as a string, such as ${example(currency)}.` };
  }
  if (text.length > maxLength) {
    return {
      fault: 'too_long',
      message: `Write the amount in at most 17 characters, such as ${example(currency)}.`,
    };
  }
  const parts = grammar.exec(text)?.groups;
  if (parts === undefined) {
    return { fault: 'malformed', message: malformed(text, currency) };
  }
  const decimals = parts.decimals ?? '';
  if (decimals.length > currency.digits) {
    return { fault: 'too_many_decimals', message: tooManyDecimals(currency) };
  }
  const minor = BigInt(parts.whole + decimals.padEnd(currency.digits, '0'));
  if (minor === 0n) {
    return { fault: 'not_positive', message: `Write an amount above zero, such as ${example(currency)}.` };
  }
  if (minor > BigInt(maxMinor)) {
    return {
      fault: 'too_large',
      message: `Write a smaller amount: no balance can hold this much ${currency.code}.`,
    };
  }
  return { minor: Number(minor) };
}
