import type { UserRow } from '../../../db/rows.js';
import { Refusal } from '../../errors.js';
import type { Book } from '../../ledger/book.js';
import { type Lookup, lookup } from '../../ledger/lookup.js';
import type { Caller } from '../../ledger/rule.js';
import { refuseFrozen } from './refuse-frozen.js';

/** The lookups of every act of an administrator. */
export function actingAdminReads({ userId }: Caller): readonly Lookup[] {
  return userId === null ? [] : [lookup('users', { id: userId })];
}

/**
 * Who acts, judged where the act is decided: the door saw an administrator, but a demotion or a freeze may have come in
 * between. Throws FORBIDDEN, or ACCOUNT_FROZEN for an administrator whose account is.
 */
export function actingAdmin(book: Book, { userId }: Caller): UserRow {
  const user = userId === null ? undefined : book.find('users', { id: userId });
  if (user?.role !== 'admin') {
    throw new Refusal('FORBIDDEN', 'Only administrators may do this, and you are none any more.');
  }
  refuseFrozen({ user }, 'administer');
  return user;
}
