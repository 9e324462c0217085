import type { Item, WholeListName } from '../api/operation.js';
import { eachOfList, type WholeList } from '../api/stream-list.js';
import type { Context } from '../context.js';
import { show } from '../terminal/show.js';
import { asItStands, shown } from '../terminal/text/shown.js';
import type { ListWriter } from './list-writer.js';
import { writeCsv } from './write-csv.js';

/** The formats in which any list can be written whole. */
export const listFormats = ['json', 'ndjson', 'csv', 'tsv'] as const;

export type ListFormat = (typeof listFormats)[number];

/**
 * Writes a list, or its first `limit` items, as they arrive: no more of it is held than a few pages.
 * @returns whether there are more than that. @throws Failure
 */
async function writeItems<One extends WholeListName>(
  context: Context,
  list: WholeList<One>,
  writer: ListWriter<Item<One>>,
  limit: number,
): Promise<boolean> {
  const { stdout } = context;
  let text = writer.begin();
  const hasMore = await eachOfList(context, list, limit, async (some) => {
    await stdout.write(asItStands(text + writer.items(some)));
    text = '';
    return !stdout.isGone;
  });
  if (!stdout.isGone) {
    await stdout.write(asItStands(text + writer.end()));
  }
  return hasMore;
}

/** A filter sees the array that it would see behind a pipe, so that this has to be gathered first. */
async function filterArray<One extends WholeListName>(
  context: Context,
  list: WholeList<One>,
  limit: number,
): Promise<boolean> {
  const all: object[] = [];
  const hasMore = await eachOfList(context, list, limit, async (some) => {
    all.push(...some);
    return true;
  });
  await show(context, { json: all, people: () => shown``, machine: () => [] });
  return hasMore;
}

export interface WrittenList<One extends WholeListName> extends WholeList<One> {
  readonly cells: (item: Item<One>) => readonly string[];
  /** The names that `--columns` gives, for CSV. */
  readonly wanted?: string;
}

/**
 * Writes a whole list, or its first `limit` items, in a format that every list has; `tsv` with these cells.
 * @returns whether there are more than that
 */
export async function writeList<One extends WholeListName>(
  context: Context,
  { cells, wanted, ...list }: WrittenList<One>,
  format: ListFormat,
  limit: number,
): Promise<boolean> {
  if (format === 'csv') {
    return await writeCsv(context, list, limit, wanted);
  }
  if (format === 'json' && context.filter) {
    return await filterArray(context, list, limit);
  }
  if (format === 'json') {
    const { makeJsonArrayWriter } = await import('./json-array.js');
    return await writeItems(context, list, makeJsonArrayWriter(context), limit);
  }
  const { makeJsonLinesWriter, makeTabsWriter } = await import('./lines.js');
  const writer: ListWriter<Item<One>> =
    format === 'tsv' ? makeTabsWriter(cells) : makeJsonLinesWriter(context);
  return await writeItems(context, list, writer, limit);
}
