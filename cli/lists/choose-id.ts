import type { Context } from '../context.js';
import { Failure } from '../failure/failure.js';

/** The things that one may choose from, and shorten the ids of. */
export interface Choosing<Item> {
  /** What ids begin with, such as `pay`. */
  readonly prefix: string;
  readonly message: string;
  /** The newest ones, at most so many. */
  readonly items: (most: number) => Promise<readonly Item[]>;
  readonly textOf: (item: Item) => string;
  /** What is said where there is none, and what to do then. */
  readonly none: string;
  readonly next: readonly string[];
}

type Identified = { readonly id: string | null };

const mostToChooseFrom = 100;
const mostToLookAt = 1_000;
const mostNamed = 5;
const digitsOfId = 10;

function ambiguous(given: string, ids: readonly string[]): Failure {
  const more = ids.length > mostNamed ? ' …' : '';
  return new Failure('usage', `${given} begins or ends more than one id.`, {
    next: [`Write more of it: ${ids.slice(0, mostNamed).join(' ')}${more}`],
  });
}

/** The end of an id, or with its prefix the beginning too, as it was typed; undefined where it is whole or none of this kind. */
function shortened(
  given: string,
  prefix: string,
): { readonly digits: string; readonly hasPrefix: boolean } | undefined {
  const hasPrefix = given.toLowerCase().startsWith(`${prefix}_`);
  const digits = (hasPrefix ? given.slice(prefix.length + 1) : given).toUpperCase();
  return /^[0-9A-HJKMNP-TV-Z]+$/.test(digits) && digits.length < digitsOfId
    ? { digits, hasPrefix }
    : undefined;
}

/**
 * The whole id of what was given: itself, or the one among the newest that it is the end of, or the beginning. @throws Failure
 * (usage) where it is that of several
 */
async function wholeId<Item extends Identified>(
  given: string,
  { prefix, items }: Choosing<Item>,
): Promise<string> {
  const short = shortened(given, prefix);
  if (short === undefined) {
    return given;
  }
  const { digits, hasPrefix } = short;
  const all = (await items(mostToLookAt)).flatMap(({ id }) => (id === null ? [] : [id]));
  const found = all.filter(
    (id) => id.endsWith(digits) || (hasPrefix && id.startsWith(`${prefix}_${digits}`)),
  );
  const [only, ...others] = found;
  if (others.length > 0) {
    throw ambiguous(given, found);
  }
  // An older one may still be meant by its number without the zeros before it.
  return only ?? `${prefix}_${digits.padStart(digitsOfId, '0')}`;
}

/** The id that was given, whole, or that of what the person chooses. Without a terminal it must be given. @throws Failure */
export async function chooseId<Item extends Identified>(
  { prompts }: Pick<Context, 'prompts'>,
  given: string | undefined,
  choosing: Choosing<Item>,
): Promise<string> {
  if (given !== undefined) {
    return await wholeId(given, choosing);
  }
  prompts.gate(['<id>']);
  const items = await choosing.items(mostToChooseFrom);
  if (items.length === 0) {
    throw new Failure('not-found', choosing.none, { next: choosing.next });
  }
  return await prompts.pick({
    message: choosing.message,
    flag: '<id>',
    choices: items.flatMap((item) =>
      item.id === null ? [] : [{ value: item.id, name: choosing.textOf(item), short: item.id }],
    ),
  });
}
