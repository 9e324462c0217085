import { Readable } from 'node:stream';
import { type CsvTable, csvMediaType, csvText } from './csv.js';
import type { Cursors, Filters } from './cursor.js';
import type { Answer, Viewer } from './route.js';

/** Reads a page of a list, newest first, from after the id `after`. */
export type ReadPage<Item> = (page: {
  readonly after: string | undefined;
  readonly limit: number;
}) => Promise<readonly Item[]>;

const linesMediaType = 'application/x-ndjson';

/** What a list is given as besides pages of JSON: whole, as CSV or with the JSON of one item a line. */
export const wholeListMediaTypes = ['text/csv', linesMediaType] as const;

/** A list that is given in pages of JSON, or whole. */
export interface List<Item> {
  /** Which list, so that a cursor of one does not pass in another. */
  readonly name: string;
  readonly cursors: Cursors;
  /** The list under these filters. Throws what is wrong with them. */
  readonly open: (filters: Filters) => Promise<ReadPage<Item>>;
  readonly idOf: (item: Item) => string;
  readonly jsonOf: (item: Item) => unknown;
  readonly csv: CsvTable<Item, string>;
}

interface Asked {
  readonly viewer: Viewer;
  readonly query: { readonly cursor?: string | undefined; readonly limit: number };
  readonly mediaType: string;
}

const streamedPageLength = 1000;

async function* pagesOf<Item>(
  readPage: ReadPage<Item>,
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

/**
 * The page that was asked for; as CSV or as lines all of the list, from the cursor on, streamed. The query is the page's own
 * parameters and the filters. Throws INVALID_CURSOR.
 */
export async function listAnswer<Item>(
  { name, cursors, open, idOf, jsonOf, csv }: List<Item>,
  { viewer, query: { cursor, limit, ...given }, mediaType }: Asked,
): Promise<Answer> {
  const request = { list: name, userId: viewer.userId };
  const { after, filters } = cursors.read({ ...request, cursor, filters: given });
  const readPage = await open(filters);
  if (mediaType === 'text/csv') {
    const content = streamed(csvText(csv, pagesOf(readPage, idOf, after)));
    return { status: 200, mediaType: csvMediaType, content };
  }
  if (mediaType === linesMediaType) {
    const content = streamed(jsonLines(jsonOf, pagesOf(readPage, idOf, after)));
    return { status: 200, mediaType: linesMediaType, content };
  }
  const items = await readPage({ after, limit: limit + 1 });
  const last = items.length > limit ? items[limit - 1] : undefined;
  return {
    status: 200,
    body: {
      data: items.slice(0, limit).map(jsonOf),
      nextCursor: last === undefined ? null : cursors.write({ ...request, filters }, idOf(last)),
    },
  };
}
