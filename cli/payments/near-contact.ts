import { isRefusedFor } from '../api/verdict.js';
import type { Context } from '../context.js';
import { Failure } from '../failure/failure.js';
import { didYouMean } from '../help/nearest.js';
import { fetchContacts } from '../people/fetch-contacts.js';

/** The same error; where there is nobody of this name, with the contact whose name is nearest. */
export async function namingNearContact(
  context: Pick<Context, 'api'>,
  error: unknown,
  username: string,
): Promise<unknown> {
  if (!isRefusedFor(error, 'USER_NOT_FOUND')) {
    return error;
  }
  // Without contacts the refusal stands as it is.
  const contacts = await fetchContacts(context).catch(() => []);
  const near = didYouMean(
    username,
    contacts.map((contact) => contact.username),
  );
  return new Failure(error.kind, error.message, {
    ...error.details,
    next: [...near, ...(error.details.next ?? [])],
  });
}
