import { type Command, Option } from 'commander';
import { fetchList, type LimitOptions, largestPage, limitOf, sayMore } from '../api/fetch-list.js';
import type { WholeList } from '../api/stream-list.js';
import type { Context } from '../context.js';
import { Failure } from '../failure.js';
import { chosenCells } from '../terminal/choose-columns.js';
import { addLookFlags, faceOf, type LookOptions } from '../terminal/look.js';
import { showList } from '../terminal/show.js';
import type { Column } from '../terminal/table.js';
import { type ListFormat, listFormats, writeList } from './write-list.js';

/** A list that the server gives in pages and whole. */
export interface WantedList<Item> extends WholeList {
  /** What it is a list of, as it goes on after "no number of". */
  readonly things: string;
  readonly columns: (items: readonly Item[]) => readonly Column<Item>[];
  /** What a pipe gets of an item, and what each cell is called. */
  readonly cells: (item: Item) => readonly string[];
  readonly names: readonly string[];
  readonly empty: string;
}

export interface ListOptions extends LimitOptions, LookOptions {
  /** Undefined is what the reader usually gets: a table, or rows of cells. */
  readonly format?: 'table' | ListFormat;
}

const usualLimit = 20;

/** How many things are shown where nobody says how many: whole where no person reads. */
export function usualLimitFor({ stdout, isJson }: Pick<Context, 'stdout' | 'isJson'>): number {
  return stdout.isTerminal && !isJson ? usualLimit : Number.POSITIVE_INFINITY;
}

/** The flags that say how much of a list is wanted. */
export function addLimitFlags(command: Command): Command {
  return command
    .option('-n, --limit <n>', `how many (${usualLimit} on a terminal, else all)`)
    .option('--all', 'all of them');
}

/** The flags that say how much of a list is wanted and how it is written. */
export function addListFlags(command: Command, moreFormats: readonly string[] = []): Command {
  const limited = addLimitFlags(command).addOption(
    new Option('--format <format>', 'how to write them; any but a table is all of them')
      .choices(['table', ...listFormats, ...moreFormats])
      .conflicts(['table', 'tsv']),
  );
  return addLookFlags(limited);
}

/** --json, --fields and --jq with a format that is not JSON would each mean something else. @throws Failure (usage) */
export function checkFormat({ isJson }: Context, format: string): void {
  if (isJson && !['json', 'ndjson'].includes(format)) {
    throw new Failure('usage', `--format ${format} is not JSON, which --json, --fields and --jq ask for.`, {
      next: ['Leave one of them out, or write --format json or ndjson'],
    });
  }
}

/** @returns whether there are more than that */
async function showSome<Item extends object>(
  context: Context,
  { path, query, columns, cells, names, empty }: WantedList<Item>,
  limit: number,
  look: LookOptions,
): Promise<boolean> {
  const { items, hasMore } = await fetchList<Item>(context, path, query, limit);
  await showList(context, { rows: items, columns: columns(items), machine: cells, names, empty }, look);
  return hasMore;
}

async function writeWanted<Item extends object>(
  context: Context,
  { columns, cells, names, ...list }: WantedList<Item>,
  format: ListFormat,
  limit: number,
  wanted: string | undefined,
): Promise<boolean> {
  if (wanted !== undefined && format !== 'csv' && format !== 'tsv') {
    throw new Failure('usage', `--columns is for tables; what is wanted of ${format} says --fields.`);
  }
  const chosen = format === 'tsv' ? chosenCells(columns([]), { machine: cells, names }, wanted) : cells;
  return await writeList(
    context,
    { ...list, cells: chosen, ...(wanted !== undefined && { wanted }) },
    format,
    limit,
  );
}

/** Shows the beginning of a list as a table, or writes as much of it as is wanted in the format that is. @throws Failure */
export async function showListAs<Item extends object>(
  context: Context,
  wanted: WantedList<Item>,
  { format, ...options }: ListOptions,
): Promise<void> {
  const look: LookOptions = {
    ...options,
    ...(format === 'table' && { table: true }),
    ...(format === 'tsv' && { tsv: true }),
  };
  if (format !== undefined && format !== 'table') {
    checkFormat(context, format);
    const limit = limitOf(options, Number.POSITIVE_INFINITY, wanted.things);
    await sayMore(context, await writeWanted(context, wanted, format, limit, look.columns));
    return;
  }
  const face = faceOf(context, look);
  const limit = limitOf(
    options,
    face === 'table' ? usualLimitFor(context) : Number.POSITIVE_INFINITY,
    wanted.things,
  );
  const hasMore =
    face === 'table' || limit <= largestPage
      ? await showSome(context, wanted, limit, look)
      : await writeWanted(context, wanted, face === 'json' ? 'json' : 'tsv', limit, look.columns);
  await sayMore(context, hasMore);
}
