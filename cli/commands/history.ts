import { type Command, Option } from 'commander';
import type { PaymentJson } from '../../server/payments/wire.js';
import type { Run, Start } from '../command.js';
import type { Context } from '../context.js';
import { Failure } from '../failure.js';
import { fetchList, type LimitOptions, largestPage, limitOf, sayMore } from '../fetch-list.js';
import { withExamples } from '../help.js';
import { type HistoryFilters, historyQuery } from '../payments/history-query.js';
import { paymentCells, paymentColumns } from '../render/payment.js';
import { showList } from '../render/show.js';
import { type WholeFormat, wholeFormats, writeWhole } from './history/write-whole.js';

interface HistoryOptions extends HistoryFilters, LimitOptions {
  readonly format: 'table' | WholeFormat;
}

const usualLimit = 20;

async function showSome(
  context: Context,
  query: Readonly<Record<string, string | undefined>>,
  limit: number,
): Promise<void> {
  const { items, hasMore } = await fetchList<PaymentJson>(context, '/v1/payments', query, limit);
  await showList(context, {
    rows: items,
    columns: paymentColumns(context, items, true),
    machine: paymentCells,
    empty: 'There are no such payments.',
  });
  await sayMore(context, hasMore);
}

/** --json, --fields and --jq with a format that is not JSON would each mean something else. */
function checkFormat({ isJson }: Context, format: HistoryOptions['format']): void {
  if (isJson && !['table', 'json', 'ndjson'].includes(format)) {
    throw new Failure('usage', `--format ${format} is not JSON, which --json, --fields and --jq ask for.`, {
      next: ['Leave one of them out, or write --format json or ndjson'],
    });
  }
}

const history: Run<HistoryOptions> = async (context, _operands, options) => {
  const { format } = options;
  checkFormat(context, format);
  const query = historyQuery(options);
  if (format !== 'table') {
    await writeWhole(context, query, format, limitOf(options, Number.POSITIVE_INFINITY, 'payments'));
    return;
  }
  const limit = limitOf(options, usualLimit, 'payments');
  const isTable = context.stdout.isTerminal && !context.isJson;
  if (isTable || limit <= largestPage) {
    await showSome(context, query, limit);
    return;
  }
  await writeWhole(context, query, context.isJson ? 'json' : 'tabs', limit);
};

export function define(command: Command, start: Start): void {
  withExamples(command, [
    'pay history',
    'pay history --with bob --since 2026-11-01',
    'pay history --direction received --min 100 --search rent',
    'pay history --format csv > payments.csv        the whole history, for a spreadsheet',
    'pay history --format ledger > pay.journal      for Ledger and hledger; also beancount and ofx',
    "pay history --jq '.[].id'",
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
      new Option('--format <format>', 'how to write them; any but a table is all of them')
        .choices(['table', ...wholeFormats])
        .default('table'),
    )
    .action(start(history));
}
