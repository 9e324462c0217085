import type { UserRow } from '../../../db/tables/users.js';
import { Refusal } from '../../errors.js';
import type { Book } from '../../ledger/book/book.js';

export const userNotFound = (username: string) =>
  new Refusal('NOT_FOUND', `There is no user ${username}.`, { see: 'listUsers' });

/** The user whom an administrator acts on, by the username in lower case. Throws NOT_FOUND. */
export function findTarget(book: Book, username: string): UserRow {
  const user = book.find('users', { username_key: username });
  if (!user) {
    throw userNotFound(username);
  }
  return user;
}
