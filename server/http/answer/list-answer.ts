import { Readable } from 'node:stream';
import { linesMediaType, mostCounted, wholeListMediaTypes } from '../contract/page.js';
import type { Answer, Viewer } from '../contract/route.js';
import { type CsvTable, csvMediaType, csvText } from './csv.js';
import type { Filters } from './cursor.js';
import type { ListReader, ListTurns } from './list-turns.js';
import { makeStreamPace } from './stream-pace.js';

/** The part of a list that is wanted, from after the id `after`. */
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

/** A list that is given in pages of JSON, and whole, as CSV or as lines of JSON. */
export interface List<Item> {
  /** The name of the list, so that a cursor of one does not pass in another. */
  readonly name: string;
  readonly lists: ListTurns;
  /** The list under these filters. Throws what is wrong with them. */
  readonly open: (filters: Filters) => Promise<Rows<Item>>;
  readonly idOf: (item: Item) => string;
  readonly jsonOf: (item: Item) => unknown;
  readonly csv: CsvTable<Item, string>;
}

interface AskedList {
  readonly viewer: Viewer;
  readonly address: string;
  readonly mediaType: string;
  /** The page's own parameters and the filters. */
  readonly query: {
    readonly cursor?: string | undefined;
    readonly limit: number;
    readonly count?: 'true' | 'false' | undefined;
  };
}

/** The most items of a page that is streamed: few enough that the next answer waits for a millisecond, while they are written as text. */
const streamedPageLength = 100;

async function* pagesOf<Item>(
  readPage: Rows<Item>['readPage'],
  idOf: (item: Item) => string,
  start: string | undefined,
): AsyncGenerator<readonly Item[]> {
  const pace = makeStreamPace();
  let after = start;
  for (;;) {
    const page = await readPage({ after, limit: streamedPageLength });
    yield page;
    const last = page.at(-1);
    if (last === undefined || page.length < streamedPageLength) {
      return;
    }
    after = idOf(last);
    await pace();
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
  { name, lists: { cursors }, open, idOf }: List<Item>,
  { viewer, query: { cursor, limit: _limit, count: _count, ...given } }: AskedList,
): Promise<OpenedList<Item>> {
  const request = { list: name, userId: viewer.userId };
  const { after, filters } = cursors.read({ ...request, cursor, filters: given });
  return {
    ...(await open(filters)),
    after,
    cursorAfter: (item) => cursors.write({ ...request, filters }, idOf(item)),
  };
}

/** The number of items on all pages; null where nobody wants to know it so exactly. */
async function totalOf<Item>({ count }: OpenedList<Item>): Promise<number | null> {
  const counted = await count({ after: undefined, limit: mostCounted + 1 });
  return counted > mostCounted ? null : counted;
}

async function onePage<Item>(list: List<Item>, asked: AskedList): Promise<Answer> {
  const { jsonOf } = list;
  const { limit, count } = asked.query;
  const opened = await openList(list, asked);
  const { readPage, after, cursorAfter } = opened;
  const items = await readPage({ after, limit: limit + 1 });
  const total = count === 'true' ? await totalOf(opened) : undefined;
  const last = items.length > limit ? items[limit - 1] : undefined;
  return {
    status: 200,
    body: {
      data: items.slice(0, limit).map(jsonOf),
      nextCursor: last === undefined ? null : cursorAfter(last),
      ...(total !== undefined && { total }),
    },
  };
}

const readerOf = ({ viewer: { userId }, address }: AskedList): ListReader => ({ userId, address });

/** The whole of a list from the cursor on, in the form that was asked for, read a part at a turn. */
async function wholeList<Item>(list: List<Item>, asked: AskedList): Promise<Answer> {
  const { lists, idOf, jsonOf, csv } = list;
  let content: Readable | undefined;
  const turn = lists.beginExport(readerOf(asked), () => content?.destroy());
  try {
    const { readPage, after } = await turn.inTurn(() => openList(list, asked));
    const pages = pagesOf((part) => turn.inTurn(() => readPage(part)), idOf, after);
    const isCsv = asked.mediaType === 'text/csv';
    content = streamed(isCsv ? csvText(csv, pages) : jsonLines(jsonOf, pages));
    content.once('close', turn.close);
    return { status: 200, mediaType: isCsv ? csvMediaType : linesMediaType, content };
  } catch (error) {
    turn.close();
    throw error;
  }
}

/**
 * The page that was asked for; as CSV or as lines all of the list, from the cursor on, streamed. Throws INVALID_CURSOR,
 * RATE_LIMITED and OVERLOADED.
 */
export function listAnswer<Item>(list: List<Item>, asked: AskedList): Promise<Answer> {
  const isWhole = (wholeListMediaTypes as readonly string[]).includes(asked.mediaType);
  return isWhole ? wholeList(list, asked) : list.lists.inTurn(readerOf(asked), () => onePage(list, asked));
}
