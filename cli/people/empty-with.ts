import { fetchList } from '../api/fetch-list.js';
import type { Context } from '../context.js';
import { didYouMean } from '../help/nearest.js';
import { joined, type Shown, shown } from '../terminal/text/shown.js';
import { fetchContacts } from './fetch-contacts.js';

/** The lists that can be narrowed to one person, with what there is then between the two. */
const between = {
  'GET /v1/payments': 'payment',
  'GET /v1/requests': 'request',
} as const;

/**
 * The sentence for a list that is empty, or the usual one: where it was to be of one person, with whom there is nothing of the kind at
 * all, that is said, with the contact whose name is nearest. Whether anybody is called so is not told: only one's own is looked at.
 */
export async function emptyWith(
  context: Pick<Context, 'api' | 'hint'>,
  list: keyof typeof between,
  username: string | undefined,
  usual: string,
): Promise<Shown> {
  if (username === undefined) {
    return shown`${context.hint(usual)}`;
  }
  const { items } = await fetchList(context, list, { query: { with: username } }, 1);
  if (items.length > 0) {
    return shown`${context.hint(usual)}`;
  }
  const contacts = await fetchContacts(context);
  const near = didYouMean(
    username,
    contacts.map((contact) => contact.username),
  );
  return joined([`There is no ${between[list]} between you and anybody called ${username}.`, ...near], ' ');
}
