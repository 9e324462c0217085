import type { UserRow } from '../../../db/tables/users.js';
import { Refusal } from '../../errors.js';
import type { Book } from '../../ledger/book/book.js';
import { type Lookup, lookup } from '../../ledger/book/lookup.js';
import type { Caller, Circumstances } from '../../ledger/rule.js';
import { askAdministrator } from '../second-factor/ask-for-code.js';
import { refuseFrozen } from './refuse-frozen.js';

/** The lookups of every act of an administrator. */
export function actingAdminReads({ userId }: Caller): readonly Lookup[] {
  return userId === null ? [] : [lookup('users', { id: userId })];
}

/**
 * The administrator who acts, judged where the act is decided: the door saw one, but a demotion or a freeze may have come in
 * between. Throws FORBIDDEN, ACCOUNT_FROZEN for an administrator whose account is, or SECOND_FACTOR_REQUIRED.
 */
export function actingAdmin(
  book: Book,
  circumstances: Pick<Circumstances, 'caller' | 'moment' | 'isDryRun'>,
): UserRow {
  const { userId } = circumstances.caller;
  const user = userId === null ? undefined : book.find('users', { id: userId });
  if (user?.role !== 'admin') {
    throw new Refusal('FORBIDDEN', 'Only administrators may do this, and you are none any more.');
  }
  refuseFrozen({ user }, 'administer');
  askAdministrator(book, circumstances);
  return user;
}
