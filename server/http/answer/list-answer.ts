import { Readable } from 'node:stream';
import { mostCounted } from '../contract/page.js';
import type { Answer, Viewer } from '../contract/route.js';
import { type CsvTable, csvMediaType, csvText } from './csv.js';
import type { Cursors, Filters } from './cursor.js';

/** Which part of a list, from after the id `after`. */
export interface Part {
  readonly after: string | undefined;
  readonly limit: number;
}

/** A list under some filters. */
export interface Rows<Item> {
  /** Reads a page, newest first. */
  readonly readPage: (part: Part) => Promise<readonly Item[]>;
  /** How many there are in the part. */
  readonly count: (part: Part) => Promise<number>;
}

const linesMediaType = 'application/x-ndjson';

/** What a list is given as besides pages of JSON: whole, as CSV or with the JSON of one item a line. */
export const wholeListMediaTypes = ['text/csv', linesMediaType] as const;

/** A list that is given in pages of JSON. */
export interface PagedList<Item> {
  /** Which list, so that a cursor of one does not pass in another. */
  readonly name: string;
  readonly cursors: Cursors;
  /** The list under these filters. Throws what is wrong with them. */
  readonly open: (filters: Filters) => Promise<Rows<Item>>;
  readonly idOf: (item: Item) => string;
  readonly jsonOf: (item: Item) => unknown;
}

/** A list that is also given whole, as CSV or as lines of JSON. */
export interface List<Item> extends PagedList<Item> {
  readonly csv: CsvTable<Item, string>;
}

interface AskedPage {
  readonly viewer: Viewer;
  /** The page's own parameters and the filters. */
  readonly query: {
    readonly cursor?: string | undefined;
    readonly limit: number;
    readonly count?: 'true' | 'false' | undefined;
  };
}

interface AskedList extends AskedPage {
  readonly mediaType: string;
}

const streamedPageLength = 1000;

async function* pagesOf<Item>(
  readPage: Rows<Item>['readPage'],
  idOf: (item: Item) => string,
  start: string | undefined,
): AsyncGenerator<readonly Item[]> {
  let after = start;
  for (;;) {
    const page = await readPage({ after, limit: streamedPageLength });
    yield page;
    const last = page.at(-1);
    if (last === undefined || page.length < streamedPageLength) {
      return;
    }
    after = idOf(last);
  }
}

async function* jsonLines<Item>(
  jsonOf: (item: Item) => unknown,
  pages: AsyncIterable<readonly Item[]>,
): AsyncGenerator<string> {
  for await (const page of pages) {
    yield page.map((item) => `${JSON.stringify(jsonOf(item))}\n`).join('');
  }
}

/** Counted in characters and not in pages, so that no more than a page waits for a slow reader. */
function streamed(chunks: AsyncGenerator<string>): Readable {
  return Readable.from(chunks, { objectMode: false });
}

/** A list at the place and under the filters that a request asks for. */
interface OpenedList<Item> extends Rows<Item> {
  readonly after: string | undefined;
  /** The cursor of what comes after the item. */
  cursorAfter(item: Item): string;
}

async function openList<Item>(
  { name, cursors, open, idOf }: PagedList<Item>,
  { viewer, query: { cursor, limit: _limit, count: _count, ...given } }: AskedPage,
): Promise<OpenedList<Item>> {
  const request = { list: name, userId: viewer.userId };
  const { after, filters } = cursors.read({ ...request, cursor, filters: given });
  return {
    ...(await open(filters)),
    after,
    cursorAfter: (item) => cursors.write({ ...request, filters }, idOf(item)),
  };
}

/** How many there are on all pages; null where nobody wants to know it so exactly. */
async function totalOf<Item>({ count }: OpenedList<Item>): Promise<number | null> {
  const counted = await count({ after: undefined, limit: mostCounted + 1 });
  return counted > mostCounted ? null : counted;
}

async function onePage<Item>(
  opened: OpenedList<Item>,
  jsonOf: (item: Item) => unknown,
  { limit, count }: AskedPage['query'],
): Promise<Answer> {
  const { readPage, after, cursorAfter } = opened;
  const [items, total] = await Promise.all([
    readPage({ after, limit: limit + 1 }),
    count === 'true' ? totalOf(opened) : undefined,
  ]);
  const last = items.length > limit ? items[limit - 1] : undefined;
  return {
    status: 200,
    body: {
      data: items.slice(0, limit).map(jsonOf),
      nextCursor: last === undefined ? null : cursorAfter(last),
      ...(total !== undefined && { total }),
      ...(total !== undefined && { total }),
    },
  };
}

/** The page of a list that was asked for. Throws INVALID_CURSOR. */
export async function pageAnswer<Item>(list: PagedList<Item>, asked: AskedPage): Promise<Answer> {
  return onePage(await openList(list, asked), list.jsonOf, asked.query);
}

/**
 * The page that was asked for; as CSV or as lines all of the list, from the cursor on, streamed. Throws INVALID_CURSOR.
 */
export async function listAnswer<Item>(list: List<Item>, asked: AskedList): Promise<Answer> {
  const { idOf, jsonOf, csv } = list;
  const opened = await openList(list, asked);
  if (asked.mediaType === 'text/csv') {
    const content = streamed(csvText(csv, pagesOf(opened.readPage, idOf, opened.after)));
    return { status: 200, mediaType: csvMediaType, content };
  }
  if (asked.mediaType === linesMediaType) {
    const content = streamed(jsonLines(jsonOf, pagesOf(opened.readPage, idOf, opened.after)));
    return { status: 200, mediaType: linesMediaType, content };
  }
  return onePage(opened, jsonOf, asked.query);
}
