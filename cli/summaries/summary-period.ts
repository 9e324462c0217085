import type { SummaryJson } from '../../server/features/summaries/wire.js';
import { Failure } from '../failure/failure.js';
import { type PeriodOptions, periodQuery } from '../lists/period-flags.js';
import { periodOf, timeOf } from '../terminal/period.js';

type By = SummaryJson['by'];

/**
 * The usual beginning of a summary, by what is summed: a year of months, a quarter of weeks, thirty days; of all else this
 * month.
 */
function usualSince(by: By, now: Date): string {
  const at = new Date(now.getFullYear(), now.getMonth(), now.getDate());
  if (by === 'week') {
    at.setDate(at.getDate() - ((at.getDay() + 6) % 7) - 11 * 7);
  } else if (by === 'day') {
    at.setDate(at.getDate() - 29);
  } else {
    at.setMonth(at.getMonth() - (by === 'month' ? 11 : 0), 1);
  }
  return at.toISOString();
}

/** The period that is summed: the one that is named, that of the flags, or the usual one. @throws Failure (usage) */
export function summaryPeriod(
  by: By,
  named: string | undefined,
  options: PeriodOptions,
  now: Date,
): { readonly since: string | undefined; readonly until: string | undefined } {
  const { since, until, period, thisMonth } = options;
  const isGiven = since !== undefined || until !== undefined || period !== undefined || thisMonth;
  if (named === undefined) {
    return isGiven ? periodQuery(options, now) : { since: usualSince(by, now), until: undefined };
  }
  if (isGiven) {
    throw new Failure('usage', `${named} and the flags of a period each say from when.`, {
      next: ['Leave one of them out'],
    });
  }
  return periodOf(named, now) === undefined
    ? { since: timeOf(named, 'period', now), until: undefined }
    : periodQuery({ period: named }, now);
}
