import { type Command, Option } from 'commander';
import type { PaymentJson } from '../../server/payments/wire.js';
import { unreachable } from '../api.js';
import type { Run, Start } from '../command.js';
import type { Context } from '../context.js';
import { Failure } from '../failure.js';
import { fetchList, type LimitOptions, limitOf, sayMore } from '../fetch-list.js';
import { withExamples } from '../help.js';
import { type HistoryFilters, historyQuery } from '../payments/history-query.js';
import { csvLine, csvRows } from '../render/csv.js';
import { paymentCells, paymentColumns } from '../render/payment.js';
import { showList } from '../render/show.js';

type Query = Readonly<Record<string, string | undefined>>;

interface HistoryOptions extends HistoryFilters, LimitOptions {
  readonly format: 'table' | 'json' | 'csv';
}

const usualLimit = 20;

const writtenAtOnce = 500;

/** The whole filtered history as CSV, in batches of lines as they arrive. */
async function writeCsv(context: Context, query: Query, limit: number): Promise<void> {
  const api = await context.api();
  const pieces = await api.stream({ method: 'GET', path: '/v1/payments', query, accept: 'text/csv' });
  let batch: string[] = [];
  let lines = 0;
  try {
    for await (const row of csvRows(pieces)) {
      // The first line names the columns, so one more than the limit is wanted.
      if (lines > limit || context.stdout.isGone) {
        break;
      }
      lines += 1;
      batch.push(csvLine(row));
      if (batch.length === writtenAtOnce) {
        await context.stdout.write(batch.join(''));
        batch = [];
      }
    }
  } catch (error) {
    if (error instanceof Failure) {
      throw error;
    }
    throw context.signal.aborted
      ? new Failure('interrupted', 'Interrupted.')
      : unreachable(api.server, error);
  }
  await context.stdout.write(batch.join(''));
}

const history: Run<HistoryOptions> = async (context, _operands, options) => {
  const query = historyQuery(options);
  const limit = limitOf(options, usualLimit, 'payments');
  if (options.format === 'csv' && !context.isJson) {
    await writeCsv(context, query, options.limit === undefined ? Number.POSITIVE_INFINITY : limit);
    return;
  }
  const { items, hasMore } = await fetchList<PaymentJson>(context, '/v1/payments', query, limit);
  await showList(options.format === 'json' ? { ...context, isJson: true } : context, {
    rows: items,
    columns: paymentColumns(context, items, true),
    machine: paymentCells,
    empty: 'There are no such payments.',
  });
  await sayMore(context, hasMore && options.format === 'table');
};

export function define(command: Command, start: Start): void {
  withExamples(command, [
    'pay history',
    'pay history --with bob --since 2026-11-01',
    'pay history --direction received --min 100 --search rent',
    'pay history --format csv > payments.csv',
    "pay history --json | jq -r '.[].id'",
  ])
    .addOption(new Option('--direction <direction>', 'which way').choices(['sent', 'received']))
    .option('--with <user>', 'only with this user')
    .addOption(
      new Option('--kind <kind>', 'only of this kind').choices([
        'transfer',
        'request',
        'refund',
        'adjustment',
        'opening-credit',
        'opening_credit',
      ]),
    )
    .option('--currency <code>', 'only where one side has this currency')
    .option('--min <amount>', 'at least this much')
    .option('--max <amount>', 'at most this much')
    .option('--since <time>', 'from this day or time on')
    .option('--until <time>', 'before this day or time')
    .option('-q, --search <text>', 'only with this text in the memo')
    .option('-n, --limit <n>', `how many (${usualLimit})`)
    .option('--all', 'all of them')
    .addOption(
      new Option('--format <format>', 'how to write them').choices(['table', 'json', 'csv']).default('table'),
    )
    .action(start(history));
}
