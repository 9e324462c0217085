import { type Command, Option } from 'commander';
import type { SummaryJson } from '../../server/features/summaries/wire.js';
import { ownCurrency } from '../account/find-me.js';
import type { Run, Start } from '../command.js';
import type { Context } from '../context.js';
import { withExamples, withNotes } from '../help/help.js';
import { addHistoryFlags } from '../history/history-flags.js';
import { type HistoryFilters, historyQuery, withTypedAmounts } from '../history/history-query.js';
import { emptyWith } from '../people/empty-with.js';
import { type AsciiOptions, addAsciiFlag, isPlainAscii } from '../terminal/charts/ascii.js';
import { addDisplayFlags, type DisplayOptions, formatOf } from '../terminal/display-options.js';
import { show, showList } from '../terminal/show.js';
import { shown } from '../terminal/text/shown.js';
import { readerTimeZone } from '../terminal/time-zone.js';
import { summaryPeriod } from './summary-period.js';
import { summaryCellNames, summaryCells, summaryText } from './summary-table.js';

/** The groupings that payments are summed by. */
const groupings: readonly SummaryJson['by'][] = ['month', 'week', 'day', 'counterparty', 'kind', 'memo'];

export interface StatsOptions extends HistoryFilters, DisplayOptions, AsciiOptions {
  readonly by: SummaryJson['by'];
}

/** Shows sums: whole as JSON, as a table with bars, or a row a group. */
async function showSummary(context: Context, summary: SummaryJson, options: StatsOptions): Promise<void> {
  const { data, totals, more } = summary;
  const empty = () => emptyWith(context, 'GET /v1/payments', options.with, 'There are no such payments.');
  if (formatOf(context, options) === 'table' && data.length > 0 && options.columns === undefined) {
    const text = await summaryText(context, summary, isPlainAscii(context, options));
    await (options.pager === false ? context.stdout.write(text) : context.page(text));
    if (totals.every(({ count }) => count === 0)) {
      await context.say(await empty());
    }
  } else if (context.isJson) {
    await show(context, { json: summary, people: () => shown``, machine: () => [] });
  } else {
    const columns = summaryCellNames.map((header, at) => ({
      header,
      people: (group: SummaryJson['data'][number]) => summaryCells(group)[at] ?? '',
    }));
    const list = { rows: data, columns, names: summaryCellNames, machine: summaryCells };
    await showList(context, { ...list, empty }, options);
  }
  if (more) {
    await context.say(shown`There are more groups: name a shorter period, or filter.`);
  }
}

const stats: Run<StatsOptions> = async (context, [period], options) => {
  const filters = await withTypedAmounts(context, options, ownCurrency(context));
  const api = await context.api();
  const summary = await api.call('GET /v1/me/summary', {
    query: {
      ...historyQuery({ ...filters }, context.now()),
      ...summaryPeriod(options.by, period, options, context.now()),
      by: options.by,
      tz: readerTimeZone(),
    },
  });
  await showSummary(context, summary, options);
};

/** The flags that say what is summed, and how it is shown. */
export function addSummaryFlags(command: Command): Command {
  return addDisplayFlags(
    addAsciiFlag(
      command
        .argument('[period]', 'a day, month or year such as 2026-10, a word such as last-month, or 90d')
        .addOption(
          new Option('--by <what>', 'what makes a group')
            .choices(groupings as SummaryJson['by'][])
            .default('month'),
        ),
    ),
  );
}

export function define(command: Command, start: Start): void {
  withExamples(command, [
    'pay stats                                  the last twelve months',
    'pay stats --by counterparty last-month     whom the money went to, and whom it came from',
    'pay stats --by memo --direction sent 2026-10',
    'pay stats --by day --with shop 90d',
    'pay stats --by week --json',
  ]);
  withNotes(command, [
    'Bars to the left of the line are what went out, those to the right what came in. The server sums, by the days of your time zone.',
  ]);
  addHistoryFlags(addSummaryFlags(command)).action(start(stats));
}
