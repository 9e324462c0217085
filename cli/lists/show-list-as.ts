import { type Command, Option } from 'commander';
import { fetchList, type LimitOptions, largestPage, limitOf, type Part, sayMore } from '../api/fetch-list.js';
import type { Item, WholeListName } from '../api/operation.js';
import type { WholeList } from '../api/stream-list.js';
import type { Context } from '../context.js';
import { Failure } from '../failure/failure.js';
import { chosenCells } from '../terminal/choose-columns.js';
import { addDisplayFlags, type DisplayOptions, formatOf } from '../terminal/display-options.js';
import { type ListFormats, showList } from '../terminal/show.js';
import type { Column } from '../terminal/table.js';
import { shown } from '../terminal/text/shown.js';
import { type ListFormat, listFormats, writeList } from './write-list.js';

/** A list that the server gives in pages and whole. */
export interface WantedList<One extends WholeListName> extends WholeList<One> {
  /** What it is a list of, as it goes on after "no number of". */
  readonly things: string;
  readonly columns: (
    items: readonly Item<One>[],
  ) => readonly Column<Item<One>>[] | Promise<readonly Column<Item<One>>[]>;
  /** What a pipe gets of an item, and what each cell is called. */
  readonly cells: (item: Item<One>) => readonly string[];
  readonly names: readonly string[];
  readonly empty: ListFormats<Item<One>>['empty'];
  /** Whether it is shown in numbered pages, with how many there are; those of administrators are. */
  readonly isCounted?: boolean;
}

export interface ListOptions extends LimitOptions, DisplayOptions {
  readonly page?: string;
  /** Undefined is what the reader usually gets: a table, or rows of cells. */
  readonly format?: 'table' | ListFormat;
}

const usualLimit = 20;

/** The usual number of things that are shown: whole where no person reads. */
export function usualLimitFor({ stdout, isJson }: Pick<Context, 'stdout' | 'isJson'>): number {
  return stdout.isTerminal && !isJson ? usualLimit : Number.POSITIVE_INFINITY;
}

/** The flags that say how much of a list is wanted. */
export function addLimitFlags(command: Command): Command {
  return command
    .option('-n, --limit <n>', `how many (${usualLimit} on a terminal, else all)`)
    .option('--all', 'all of them');
}

/** The flag of lists that are counted. */
export const addPageFlag = (command: Command): Command => command.option('--page <n>', 'which page (1)');

/** The flags that say how much of a list is wanted and how it is written. */
export function addListFlags(command: Command, moreFormats: readonly string[] = []): Command {
  const limited = addLimitFlags(command).addOption(
    new Option('--format <format>', 'how to write them; any but a table is all of them')
      .choices(['table', ...listFormats, ...moreFormats])
      .conflicts(['table', 'tsv']),
  );
  return addDisplayFlags(limited);
}

/**
 * Refuses --json, --fields and --jq with a format that is not JSON: each would mean something else.
 * @throws Failure (usage)
 */
export function checkFormat({ isJson }: Context, format: string): void {
  if (isJson && !['json', 'ndjson'].includes(format)) {
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

/** Refuses a page of a format that has none: its beginning would pass for that page. @throws Failure (usage) */
function refusePageOf(format: ListFormat, { page }: ListOptions): void {
  if (page !== undefined) {
    throw new Failure('usage', `--page is for tables, rows and --json; --format ${format} has no pages.`, {
      next: ['Leave it out for all of them, or write how many: --limit <n>'],
    });
  }
}

/** "31 payments, page 2 of 4." Of lists that are too long to be counted, that they are. */
function countText(total: number | null, things: string, page: number, limit: number): string {
  if (total === null) {
    return `More than 10,000 ${things}, page ${page}.`;
  }
  const pages = Math.max(1, Math.ceil(total / limit));
  return `${total} ${total === 1 ? things.replace(/s$/, '') : things}, page ${page} of ${pages}.`;
}

/** Says how to see what a list leaves out: of numbered pages the next one. */
async function sayRest({ stderr }: Context, hasMore: boolean, page: string | undefined): Promise<void> {
  if (page === undefined) {
    await sayMore({ stderr }, hasMore);
  } else if (hasMore) {
    await stderr.write(shown`${stderr.pen.dim(`There are more: --page ${Number(page) + 1}`)}\n`);
  }
}

async function showSome<One extends WholeListName>(
  context: Context,
  { list, query, columns, cells, names, empty, things, isCounted = false }: WantedList<One>,
  limit: number,
  options: ListOptions,
  look: DisplayOptions,
): Promise<void> {
  const { stdout, stderr, say } = context;
  const page = pageOf(options);
  const isCounting = isCounted && stdout.isTerminal && !context.isJson;
  const skipped = page === 1 ? 0 : (page - 1) * limit;
  const part = { query, isCounted: isCounting } as Part<One>;
  const { items, hasMore, total } = await fetchList(context, list, part, limit, skipped);
  await showList(context, { rows: items, columns: await columns(items), machine: cells, names, empty }, look);
  if (total === undefined) {
    await sayRest(context, hasMore, options.page);
  } else {
    await say(stderr.pen.dim(countText(total, things, page, limit)));
  }
}

async function writeWanted<One extends WholeListName>(
  context: Context,
  { columns, cells, names, ...list }: WantedList<One>,
  format: ListFormat,
  limit: number,
  wanted: string | undefined,
): Promise<void> {
  if (wanted !== undefined && format !== 'csv' && format !== 'tsv') {
    throw new Failure('usage', `--columns is for tables; what is wanted of ${format} says --fields.`);
  }
  const chosen = format === 'tsv' ? chosenCells(await columns([]), { machine: cells, names }, wanted) : cells;
  const written = { ...list, cells: chosen, ...(wanted !== undefined && { wanted }) };
  await sayMore(context, await writeList(context, written, format, limit));
}

/** Shows the beginning of a list as a table, or writes as much of it as is wanted in the format that is. @throws Failure */
export async function showListAs<One extends WholeListName>(
  context: Context,
  wanted: WantedList<One>,
  { format, ...options }: ListOptions,
): Promise<void> {
  const look: DisplayOptions = {
    ...options,
    ...(format === 'table' && { table: true }),
    ...(format === 'tsv' && { tsv: true }),
  };
  if (format !== undefined && format !== 'table') {
    checkFormat(context, format);
    refusePageOf(format, options);
    const limit = limitOf(options, Number.POSITIVE_INFINITY, wanted.things);
    await writeWanted(context, wanted, format, limit, look.columns);
    return;
  }
  const shownAs = formatOf(context, look);
  const page = pageOf(options);
  // A numbered page has its length wherever it goes.
  const usual = options.page === undefined ? usualLimitFor(context) : usualLimit;
  const limit = limitOf(options, usual, wanted.things);
  if (shownAs === 'table' || limit <= largestPage || page > 1) {
    await showSome(context, wanted, limit, options, look);
    return;
  }
  await writeWanted(context, wanted, shownAs === 'json' ? 'json' : 'tsv', limit, look.columns);
}
