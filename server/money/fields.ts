import * as z from 'zod';
import { findCurrency } from './currency.js';
import { saidText, shownText } from './plain-text.js';

const longestAmount = 64;

/** An amount as it travels. Its grammar is judged once its currency is known. */
export const amountTextSchema = z
  .string({
    // One that is missing is told of as any other member.
    error: ({ input }) =>
      input === undefined
        ? undefined
        : `must be a string such as "12.50"${typeof input === 'number' ? ', not a number' : ''}`,
  })
  .refine((text) => text.length <= longestAmount, {
    error: 'is too long for an amount',
    params: { code: 'INVALID_AMOUNT' },
  })
  .meta({
    description: "A decimal string in the currency's own digits.",
    maxLength: longestAmount,
    examples: ['12.50'],
  });

/** What is wrong with the code of a currency that there is not: it is named, unless it is none by its form and would be echoed alone. */
export function unknownCurrencyFault(code: string): string {
  const name = /^[A-Za-z]{1,10}$/.test(code) ? `${code}, which is ` : '';
  return `is ${name}not a currency of this server`;
}

/** The code of a currency that people may hold here. */
export const currencyCodeSchema = z
  .string()
  .refine((code) => findCurrency(code) !== undefined, {
    error: ({ input }) => unknownCurrencyFault(String(input)),
    params: { code: 'UNKNOWN_CURRENCY' },
  })
  .meta({ description: 'The code of a currency of this server.', examples: ['GBP'] });

/** The memo that the sender of money writes to its receiver, or who asks for it to who is asked. */
export const memoSchema = shownText(500).meta({ description: 'What it is for.', examples: ['lunch'] });

/** The reason why an administrator does something; it is kept with the act for good. */
export const reasonSchema = saidText(500, 'must say why').meta({
  description: 'Why; it is kept in the audit trail.',
  examples: ['card reported stolen'],
});

/** A time that a client names: RFC 3339, in any offset. */
export const instantSchema = z.iso
  .datetime({ offset: true, error: 'must be an RFC 3339 time such as 2026-11-22T18:00:00Z' })
  .meta({ examples: ['2026-11-22T18:00:00Z'] });

/** A time as it stands in every answer: RFC 3339, in UTC, with microseconds. */
export const momentSchema = z.iso.datetime({ precision: 6 });

/** The id of a thing in a path; one of any form that names nothing is NOT_FOUND and not a mistake of form. */
export const idSchema = (thing: string) => z.string().meta({ description: `The id of the ${thing}.` });
