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
}

export interface ListOptions extends LimitOptions {
  readonly format: 'table' | ListFormat;
}

const usualLimit = 20;

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

async function showSome<Item extends object>(
  context: Context,
  { path, query, columns, cells, empty }: WantedList<Item>,
  limit: number,
): Promise<void> {
  const { items, hasMore } = await fetchList<Item>(context, path, query, limit);
  await showList(context, { rows: items, columns: columns(items), machine: cells, empty });
  await sayMore(context, hasMore);
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
  const isTable = context.stdout.isTerminal && !context.isJson;
  if (isTable || limit <= largestPage) {
    await showSome(context, wanted, limit);
    return;
  }
  await writeList(context, wanted, context.isJson ? 'json' : 'tabs', limit);
}
