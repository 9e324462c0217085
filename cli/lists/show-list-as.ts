import { type Command, Option } from 'commander';
import { fetchList, type LimitOptions, largestPage, limitOf, sayMore } from '../api/fetch-list.js';
import type { WholeList } from '../api/stream-list.js';
import type { Context } from '../context.js';
import { Failure } from '../failure.js';
import { showList } from '../terminal/show.js';
import type { Column } from '../terminal/table.js';
import { type ListFormat, listFormats, writeList } from './write-list.js';

/** A list that the server gives in pages and whole. */
export interface WantedList<Item> extends WholeList {
  /** What it is a list of, as it goes on after "no number of". */
  readonly things: string;
  readonly columns: (items: readonly Item[]) => readonly Column<Item>[];
  /** What a pipe gets of an item. */
  readonly cells: (item: Item) => readonly string[];
  readonly empty: string;
  /** Whether it is shown in numbered pages, with how many there are; those of administrators are. */
  readonly isCounted?: true;
}

export interface ListOptions extends LimitOptions {
  readonly page?: string;
  readonly format: 'table' | ListFormat;
}

const usualLimit = 20;

/** The flag of lists that are counted. */
export const addPageFlag = (command: Command): Command => command.option('--page <n>', 'which page (1)');

/** The flags that say how much of a list is wanted and how it is written. */
export function addListFlags(command: Command, moreFormats: readonly string[] = []): Command {
  return command
    .option('-n, --limit <n>', `how many (${usualLimit})`)
    .option('--all', 'all of them')
    .addOption(
      new Option('--format <format>', 'how to write them; any but a table is all of them')
        .choices(['table', ...listFormats, ...moreFormats])
        .default('table'),
    );
}

/** --json, --fields and --jq with a format that is not JSON would each mean something else. @throws Failure (usage) */
export function checkFormat({ isJson }: Context, format: string): void {
  if (isJson && !['table', 'json', 'ndjson'].includes(format)) {
    throw new Failure('usage', `--format ${format} is not JSON, which --json, --fields and --jq ask for.`, {
      next: ['Leave one of them out, or write --format json or ndjson'],
    });
  }
}

/** The number of the page that is wanted, from 1. @throws Failure (usage) */
function pageOf({ page = '1', all }: ListOptions): number {
  if (!/^[1-9][0-9]{0,3}$/.test(page) || (all && page !== '1')) {
    throw new Failure(
      'usage',
      all ? '--page and --all contradict each other.' : `--page ${page} is no page.`,
    );
  }
  return Number(page);
}

/** "31 payments, page 2 of 4." Of lists that are too long to be counted, that they are. */
function countText(total: number | null, things: string, page: number, limit: number): string {
  if (total === null) {
    return `More than 10,000 ${things}, page ${page}.`;
  }
  const pages = Math.max(1, Math.ceil(total / limit));
  return `${total} ${total === 1 ? things.replace(/s$/, '') : things}, page ${page} of ${pages}.`;
}

async function showSome<Item extends object>(
  context: Context,
  { path, query, columns, cells, empty, things, isCounted }: WantedList<Item>,
  limit: number,
  page: number,
): Promise<void> {
  const { stdout, stderr, say } = context;
  const isCounting = isCounted && stdout.isTerminal && !context.isJson;
  const skipped = page === 1 ? 0 : (page - 1) * limit;
  const asked = { ...query, ...(isCounting && { count: 'true' }) };
  const { items, hasMore, total } = await fetchList<Item>(context, path, asked, limit, skipped);
  await showList(context, { rows: items, columns: columns(items), machine: cells, empty });
  if (total === undefined) {
    await sayMore(context, hasMore);
  } else {
    await say(stderr.pen.dim(countText(total, things, page, limit)));
  }
}

/** Shows the beginning of a list as a table, or writes as much of it as is wanted in the format that is. @throws Failure */
export async function showListAs<Item extends object>(
  context: Context,
  wanted: WantedList<Item>,
  options: ListOptions,
): Promise<void> {
  const { format } = options;
  checkFormat(context, format);
  if (format !== 'table') {
    await writeList(context, wanted, format, limitOf(options, Number.POSITIVE_INFINITY, wanted.things));
    return;
  }
  const limit = limitOf(options, usualLimit, wanted.things);
  const page = pageOf(options);
  const isTable = context.stdout.isTerminal && !context.isJson;
  if (isTable || limit <= largestPage || page > 1) {
    await showSome(context, wanted, limit, page);
    return;
  }
  await writeList(context, wanted, context.isJson ? 'json' : 'tabs', limit);
}
