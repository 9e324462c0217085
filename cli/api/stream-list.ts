import type { Operations } from '../../server/wire.js';
import { Failure } from '../failure/failure.js';
import type { ApiSource } from './api.js';
import type { Filters, Item, Rest, WholeListName } from './operation.js';

/** A list that is given whole, under some filters. */
export interface WholeList<One extends WholeListName> {
  readonly list: One;
  readonly query: Filters<One>;
}

/**
 * A whole list as the server streams it in one answer, in pieces of text. Where it breaks off, what was written of it
 * until then is incomplete. @throws Failure
 */
export async function* streamText<One extends WholeListName>(
  { api, signal }: ApiSource,
  { list, query }: WholeList<One>,
  accept: Operations[One]['mediaType'],
): AsyncGenerator<string> {
  const { server, stream } = await api();
  const pieces = await stream(list, accept, ...([{ query }] as Rest<One>));
  try {
    yield* pieces;
  } catch (error) {
    throw signal.aborted
      ? new Failure('interrupted', 'Interrupted: the output is incomplete.')
      : new Failure('unreachable', `${server} broke off: the output is incomplete.`, {
          next: ['Run it again.'],
          cause: error,
        });
  }
}

/**
 * Hands over as many things of a whole list as are wanted, in the server's order and as they arrive, until `take` says that it
 * has enough. @returns whether there are more than were wanted. @throws Failure
 */
export async function eachOfList<One extends WholeListName>(
  context: ApiSource,
  list: WholeList<One>,
  limit: number,
  take: (some: readonly Item<One>[]) => Promise<boolean>,
): Promise<boolean> {
  let left = limit;
  let begun = '';
  for await (const piece of streamText(context, list, 'application/x-ndjson')) {
    const lines = (begun + piece).split('\n');
    begun = lines.pop() ?? '';
    const items = lines.slice(0, left).map((line) => JSON.parse(line) as Item<One>);
    left -= items.length;
    if (items.length > 0 && !(await take(items))) {
      return false;
    }
    if (lines.length > items.length) {
      return true;
    }
  }
  return false;
}
