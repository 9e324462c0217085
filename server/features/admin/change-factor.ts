import type { UserRow } from '../../../db/tables/users.js';
import { Refusal } from '../../errors.js';
import type { Book } from '../../ledger/book/book.js';
import type { Circumstances } from '../../ledger/rule.js';
import { forgetFactor } from '../enrolment/switch-factor-off.js';

/**
 * Switches off the second factor of somebody who has lost the app and the recovery codes, who is told. What is off already stays.
 * Throws FORBIDDEN for oneself.
 */
export function switchOffFactorOf(
  book: Book,
  circumstances: Circumstances,
  user: UserRow,
  reason: string,
): void {
  if (user.id === circumstances.caller.userId) {
    throw new Refusal(
      'FORBIDDEN',
      'Your own second factor you switch off with a code, or ask another administrator.',
      {
        see: 'switchSecondFactorOff',
      },
    );
  }
  const row = book.find('second_factors', { user_id: user.id });
  if (row?.status === 'on') {
    forgetFactor(book, circumstances, row, reason);
  }
}
