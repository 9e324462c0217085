import { checkBegun, wholePeriod } from '../terminal/period.js';

/** The period of a statement: last month where none is named. @throws Failure (usage) also for one that is yet to come */
export function statementPeriod(
  text: string | undefined,
  now: Date,
): { readonly name: string; readonly since: string; readonly until: string } {
  const name = text ?? 'last-month';
  const period = wholePeriod(name, 'period', now);
  checkBegun(name, period.since, now);
  return { name, ...period };
}
