import { lookup } from '../ledger/book.js';
import { defineRule } from '../ledger/rule.js';
import { emailTaken } from './register-user.js';
import { nameKey } from './user-store.js';
import { userJson } from './wire.js';

export interface ProfileChange {
  readonly userId: string;
  readonly email?: string;
  readonly displayName?: string | null;
}

export const changeProfile = defineRule<ProfileChange>({
  needsTime: false,

  reads: (_book, { userId, email }) => [
    lookup('users', { id: userId }),
    lookup('accounts', { user_id: userId }),
    ...(email === undefined ? [] : [lookup('users', { email_key: nameKey(email) })]),
  ],

  decide(book, { userId, email, displayName }) {
    const user = book.get('users', { id: userId });
    const holder = email === undefined ? undefined : book.find('users', { email_key: nameKey(email) });
    if (holder && holder.id !== userId) {
      throw emailTaken();
    }
    const changed = book.update('users', user, {
      ...(email !== undefined && { email, email_key: nameKey(email) }),
      ...(displayName !== undefined && {
        display_name: displayName,
        display_name_folded: displayName?.toLowerCase() ?? null,
      }),
    });
    return { status: 200, body: userJson(changed, book.get('accounts', { user_id: userId })) };
  },
});
