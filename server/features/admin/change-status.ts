import type { UserRow } from '../../../db/tables/users.js';
import { timeText } from '../../clock.js';
import { Refusal } from '../../errors.js';
import type { Book } from '../../ledger/book/book.js';
import { recordAct } from '../../ledger/record-act.js';
import { recordEvent } from '../../ledger/record-event.js';
import type { Circumstances } from '../../ledger/rule.js';

/** Freezes or unfreezes, and tells the user why. A status that is so already stays. Throws FORBIDDEN for oneself. */
export function changeStatus(
  book: Book,
  circumstances: Circumstances,
  user: UserRow,
  { status, reason }: { readonly status: UserRow['status']; readonly reason: string },
): UserRow {
  if (user.status === status) {
    return user;
  }
  if (user.id === circumstances.caller.userId) {
    throw new Refusal('FORBIDDEN', 'Nobody can freeze themselves. Ask another administrator.');
  }
  const verb = status === 'frozen' ? 'frozen' : 'unfrozen';
  const changed = book.update('users', user, { status });
  recordAct(book, circumstances, {
    action: `user.${verb}`,
    subject: user.username,
    reason,
    before: { status: user.status },
    after: { status },
  });
  const { moment } = circumstances;
  recordEvent(book, moment, user.id, `account.${verb}`, { reason, at: timeText(moment.now) });
  return changed;
}
