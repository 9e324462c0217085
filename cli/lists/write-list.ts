import { streamItems, type WholeList } from '../api/stream-list.js';
import type { Context } from '../context.js';
import { show } from '../terminal/show.js';
import type { ListWriter } from './list-writer.js';
import { writeCsv } from './write-csv.js';

/** How any list can be written whole. */
export const listFormats = ['json', 'ndjson', 'csv'] as const;

export type ListFormat = (typeof listFormats)[number];

/** Writes a list, or its first `limit` items, as they arrive: no more of it is held than a few pages. @throws Failure */
export async function writeItems<Item>(
  context: Context,
  list: WholeList,
  writer: ListWriter<Item>,
  limit: number,
): Promise<void> {
  const { stdout } = context;
  let text = writer.begin();
  for await (const some of streamItems<Item>(context, list, limit)) {
    await stdout.write(text + writer.items(some));
    text = '';
    if (stdout.isGone) {
      return;
    }
  }
  await stdout.write(text + writer.end());
}

/** A filter sees the array that it would see behind a pipe, so that this has to be gathered first. */
async function filterArray(context: Context, list: WholeList, limit: number): Promise<void> {
  const all: object[] = [];
  for await (const some of streamItems<object>(context, list, limit)) {
    all.push(...some);
  }
  await show(context, { json: all, people: () => '', machine: () => [] });
}

/** Writes a whole list, or its first `limit` items, in a format that every list has; `tabs` with these cells. */
export async function writeList<Item extends object>(
  context: Context,
  { cells, ...list }: WholeList & { readonly cells: (item: Item) => readonly string[] },
  format: ListFormat | 'tabs',
  limit: number,
): Promise<void> {
  if (format === 'csv') {
    await writeCsv(context, list, limit);
    return;
  }
  if (format === 'json' && context.filter) {
    await filterArray(context, list, limit);
    return;
  }
  if (format === 'json') {
    const { makeJsonArrayWriter } = await import('./json-array.js');
    await writeItems(context, list, makeJsonArrayWriter(context), limit);
    return;
  }
  const { makeJsonLinesWriter, makeTabsWriter } = await import('./lines.js');
  const writer: ListWriter<Item> = format === 'tabs' ? makeTabsWriter(cells) : makeJsonLinesWriter(context);
  await writeItems(context, list, writer, limit);
}
