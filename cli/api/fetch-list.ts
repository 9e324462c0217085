import { Failure } from '../failure/failure.js';
import type { Output } from '../terminal/output.js';
import { shown } from '../terminal/text/shown.js';
import type { Api, ApiSource } from './api.js';
import type { Filters, Item, ListName, Page, Params, Rest } from './operation.js';

export const largestPage = 100;

export interface LimitOptions {
  readonly limit?: string;
  readonly all?: true;
}

/** How many things of a list are wanted. @throws Failure (usage) */
export function limitOf({ limit, all }: LimitOptions, usual: number, things: string): number {
  if (limit === undefined) {
    return all ? Number.POSITIVE_INFINITY : usual;
  }
  if (all || !/^[1-9][0-9]{0,6}$/.test(limit)) {
    throw new Failure(
      'usage',
      all ? '--limit and --all contradict each other.' : `--limit ${limit} is no number of ${things}.`,
    );
  }
  return Number(limit);
}

export interface Fetched<Item> {
  readonly items: readonly Item[];
  readonly hasMore: boolean;
  /** How many items there are in all, where it was asked and is known. */
  readonly total?: number | null;
}

/** Which part of a list is wanted: what its path needs, its filters, and whether it is counted; quietly, as for any call. */
export type Part<One extends ListName> = Params<One> & {
  readonly query?: Filters<One>;
  readonly isCounted?: boolean;
  readonly isQuiet?: boolean;
};

/** One page of a list. @throws Failure */
export async function fetchPage<One extends ListName>(
  { call }: Api,
  name: One,
  { isCounted, query, ...given }: Part<One>,
  limit: number,
  cursor?: string,
): Promise<Page<Item<One>>> {
  const count = isCounted ? 'true' : undefined;
  const whole = { ...given, query: { ...query, count, limit: String(limit), cursor } };
  const page: Page<unknown> = await call(name, ...([whole] as Rest<One>));
  return page as Page<Item<One>>;
}

/** The items of a list, as many as wanted, newest first, page by page, after those that are skipped. */
export async function fetchList<One extends ListName>(
  context: Pick<ApiSource, 'api'>,
  name: One,
  part: Part<One>,
  limit: number,
  skipped = 0,
): Promise<Fetched<Item<One>>> {
  const api = await context.api();
  const items: Item<One>[] = [];
  let cursor: string | undefined;
  let left = skipped + limit;
  let total: number | null | undefined;
  do {
    const page = await fetchPage(api, name, part, Math.min(largestPage, left), cursor);
    items.push(...page.data);
    left -= page.data.length;
    total ??= page.total;
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined && left > 0);
  return {
    items: items.slice(skipped),
    hasMore: cursor !== undefined,
    ...(total !== undefined && { total }),
  };
}

/** Says how to see the rest. A program gets a list whole unless it is limited, and then a word on stderr with JSON, too. */
export async function sayMore({ stderr }: Pick<Output, 'stderr'>, hasMore: boolean): Promise<void> {
  if (hasMore) {
    await stderr.write(shown`${stderr.pen.dim('There are more: --all, or --limit <n>.')}\n`);
  }
}
