import type { CollectionJson } from '../../server/features/collections/wire.js';
import { fetchList } from '../api/fetch-list.js';
import type { Context } from '../context.js';
import { Failure } from '../failure/failure.js';
import { didYouMean } from '../help/nearest.js';
import { chooseId } from '../lists/choose-id.js';
import { moneyText } from '../terminal/money.js';

const mostLookedAt = 1_000;
const next = ['See them all: pay collections --all'];

async function fetchCollections(
  context: Context,
  status: 'open' | undefined,
  most: number,
): Promise<readonly CollectionJson[]> {
  return (await fetchList(context, 'GET /v1/collections', { query: { status } }, most)).items;
}

const isNamed = (name: string) => (one: CollectionJson) => one.name.toLowerCase() === name.toLowerCase();

/** The collection of a name: the open one, or the newest of those that are not open. @throws Failure (not-found) */
async function findByName(context: Context, name: string): Promise<string> {
  const open = await fetchCollections(context, 'open', mostLookedAt);
  const found =
    open.find(isNamed(name)) ??
    (await fetchCollections(context, undefined, mostLookedAt)).find(isNamed(name));
  if (!found) {
    const names = open.map((one) => one.name.toLowerCase());
    throw new Failure('not-found', `You have no collection ${name}.`, {
      next: [...didYouMean(name, names), ...next],
    });
  }
  return found.id;
}

/** The id of the collection that was named, by its name or its id, or that the person chooses of the open ones. @throws Failure */
export async function chooseCollection(
  context: Context,
  given: string | undefined,
  message: string,
): Promise<string> {
  if (given !== undefined && !/^col_/i.test(given)) {
    return await findByName(context, given);
  }
  return await chooseId(context, given, {
    prefix: 'col',
    message,
    items: (most) => fetchCollections(context, given === undefined ? 'open' : undefined, most),
    textOf: ({ name, counts, people, collected }) =>
      `${name} · ${counts.paid} of ${people} have paid · ${moneyText(collected, context.locale)}`,
    none: 'No collection of yours is open.',
    next: ['Begin one: pay collect <name> <amount> --from <user...>', ...next],
  });
}
