import { tooOldDays } from '../money/rate-table.js';
import { doubtful, type Finding, right } from './finding.js';
import type { BookFacts } from './read-books.js';

export const rates = 'rates';

/** How old the currencies' rates are. */
export function lookAtRates(more: NonNullable<BookFacts['more']>, now: Date): Finding {
  if (more.rates === undefined) {
    return right(rates, 'there are none before the first start');
  }
  const { as_of: asOf, source } = more.rates;
  const days = tooOldDays(asOf, now);
  const text = `of ${asOf} (${source})`;
  return days === undefined
    ? right(rates, text)
    : doubtful(
        rates,
        `${text}, ${days} days old: conversions go by them`,
        'Give newer ones with --currencies, then pay-server rates reload.',
      );
}
