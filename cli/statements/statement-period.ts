import { Failure } from '../failure/failure.js';
import { wholePeriod } from '../terminal/period.js';

/** The period of a statement: last month where none is named. @throws Failure (usage) also for one that is yet to come */
export function statementPeriod(
  text: string | undefined,
  now: Date,
): { readonly name: string; readonly since: string; readonly until: string } {
  const name = text ?? 'last-month';
  const period = wholePeriod(name, 'period', now);
  if (Date.parse(period.since) >= now.getTime()) {
    throw new Failure('usage', `${name} is yet to come.`, {
      next: ['Name a period that has begun, such as this-month'],
    });
  }
  return { name, ...period };
}
