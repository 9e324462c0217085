import { type Command, Option } from 'commander';
import { Failure } from '../failure/failure.js';
import { periodWords, timeOf, wholePeriod } from '../terminal/period.js';

export interface PeriodOptions {
  readonly since?: string;
  readonly until?: string;
  readonly period?: string;
  readonly thisMonth?: true;
}

/** The flags that say from when a list is. */
export function addPeriodFlags(command: Command): Command {
  const rest = ['since', 'until', 'period'];
  return command
    .option('--since <time>', 'from this day or time on: 2026-11-22, 2026-11, yesterday, 7d, 12h')
    .option('--until <time>', 'before this day or time')
    .addOption(
      new Option(
        '--period <period>',
        `all of a day, month or year: 2026-10, or ${periodWords.join(', ')}`,
      ).conflicts(['since', 'until']),
    )
    .addOption(new Option('--this-month', 'the same as --period this-month').conflicts(rest));
}

/** The period of the flags, as the query of a list takes it. @throws Failure (usage) */
export function periodQuery(
  { since, until, period, thisMonth }: PeriodOptions,
  now: Date,
): { readonly since: string | undefined; readonly until: string | undefined } {
  if (period !== undefined || thisMonth) {
    return wholePeriod(period ?? 'this-month', '--period', now);
  }
  const from = since === undefined ? undefined : timeOf(since, '--since', now);
  const to = until === undefined ? undefined : timeOf(until, '--until', now);
  if (from !== undefined && to !== undefined && Date.parse(from) >= Date.parse(to)) {
    throw new Failure('usage', `Nothing lies between --since "${since}" and --until "${until}".`, {
      next: ['Give the earlier time to --since'],
    });
  }
  return { since: from, until: to };
}
