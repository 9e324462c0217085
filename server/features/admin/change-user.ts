import type { UserRow } from '../../../db/tables/users.js';
import type { KnownBook } from '../../ledger/book/book.js';
import { type Lookup, lookup } from '../../ledger/book/lookup.js';
import { actingAdmin, actingAdminReads } from '../accounts/acting-admin.js';
import { findTarget } from '../accounts/find-target.js';
import { userJson } from '../accounts/wire.js';
import { defineAskingRule } from '../second-factor/ask-for-code.js';
import { switchOffFactorOf } from './change-factor.js';
import { adminReads, changeRole } from './change-role.js';
import { changeStatus } from './change-status.js';

export interface ChangeUser {
  /** The username in lower case. */
  readonly username: string;
  readonly status?: UserRow['status'];
  readonly role?: UserRow['role'];
  /** The second factor, switched off; there is no other way to have one than by oneself. */
  readonly secondFactor?: 'off';
  readonly reason: string;
}

/** The lookups of the other administrators, who matter only to those who would demote themselves. */
function otherAdminReads(
  target: UserRow,
  role: ChangeUser['role'],
  userId: number | null,
): readonly Lookup[] {
  return role === 'user' && target.id === userId ? [adminReads] : [];
}

/** An administrator freezes, unfreezes, promotes or demotes a user, or switches a second factor off. What is so already stays as it is, unrecorded. */
export const changeUser = defineAskingRule<ChangeUser>('change-user', {
  needsTime: false,

  reads(book: KnownBook, { username, role }, caller) {
    const target = book.peek('users', { username_key: username });
    return [
      ...actingAdminReads(caller),
      lookup('users', { username_key: username }),
      ...(target
        ? [
            lookup('accounts', { user_id: target.id }),
            lookup('second_factors', { user_id: target.id }),
            ...otherAdminReads(target, role, caller.userId),
          ]
        : []),
    ];
  },

  decide(book, { username, status, role, secondFactor, reason }, circumstances) {
    actingAdmin(book, circumstances);
    let user = findTarget(book, username);
    if (role !== undefined) {
      user = changeRole(book, circumstances, user, { role, reason });
    }
    if (status !== undefined) {
      user = changeStatus(book, circumstances, user, { status, reason });
    }
    if (secondFactor !== undefined) {
      switchOffFactorOf(book, circumstances, user, reason);
    }
    return { status: 200, body: userJson(user, book.get('accounts', { user_id: user.id })) };
  },
});
