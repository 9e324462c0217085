import type { UserRow } from '../../../db/tables/users.js';
import { Refusal } from '../../errors.js';
import type { Book } from '../../ledger/book/book.js';
import { lookup } from '../../ledger/book/lookup.js';
import { recordAct } from '../../ledger/record-act.js';
import type { Circumstances } from '../../ledger/rule.js';

/** The most administrators that are read: more no server has. */
const mostAdmins = 1_000;

/** The lookup of all administrators, which matters to whoever would demote themselves. */
export const adminReads = lookup('users', { role: 'admin' }, mostAdmins);

function refuseOwnDemotion(book: Book, user: UserRow): never {
  const others = book
    .all('users', adminReads)
    .filter(({ id, status }) => id !== user.id && status === 'active');
  throw others.length === 0
    ? new Refusal('LAST_ADMIN', 'You are the last administrator who can act. Promote somebody else first.')
    : new Refusal('FORBIDDEN', 'Nobody can demote themselves. Ask another administrator.');
}

/**
 * Promotes or demotes. A role that is so already stays. Throws FORBIDDEN for oneself, LAST_ADMIN where nobody else could
 * act. Since whoever demotes another stays an administrator, one is always left.
 */
export function changeRole(
  book: Book,
  circumstances: Circumstances,
  user: UserRow,
  { role, reason }: { readonly role: UserRow['role']; readonly reason: string },
): UserRow {
  if (user.role === role) {
    return user;
  }
  if (user.id === circumstances.caller.userId) {
    refuseOwnDemotion(book, user);
  }
  const changed = book.update('users', user, { role });
  recordAct(book, circumstances, {
    action: role === 'admin' ? 'user.promoted' : 'user.demoted',
    subject: user.username,
    reason,
    before: { role: user.role },
    after: { role },
  });
  return changed;
}
