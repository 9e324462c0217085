import { Refusal } from '../errors.js';
import { lookup } from '../ledger/book.js';
import { defineRule } from '../ledger/rule.js';

export interface PasswordChange {
  readonly userId: string;
  /** The session that stays; every other one, and every token, ends. */
  readonly sessionId: string;
  /** The hash that the current password was checked against. */
  readonly currentHash: string;
  readonly newHash: string;
}

export const wrongPassword = () =>
  new Refusal('WRONG_PASSWORD', 'The current password is wrong; nothing was changed.', {
    errors: [{ field: 'currentPassword', message: 'is wrong' }],
  });

export const changePassword = defineRule<PasswordChange>({
  needsTime: false,

  reads: (_book, { userId }) => [
    lookup('users', { id: userId }),
    lookup('sessions', { user_id: userId, ended_at: null }),
    lookup('tokens', { user_id: userId, revoked_at: null }),
  ],

  decide(book, { userId, sessionId, currentHash, newHash }, { moment }) {
    const user = book.get('users', { id: userId });
    if (user.password_hash !== currentHash) {
      throw wrongPassword();
    }
    book.update('users', user, { password_hash: newHash, must_change_password: 0 });
    for (const session of book.findAll('sessions', { user_id: userId, ended_at: null })) {
      if (session.id !== sessionId) {
        book.update('sessions', session, { ended_at: moment.now });
      }
    }
    for (const token of book.findAll('tokens', { user_id: userId, revoked_at: null })) {
      book.update('tokens', token, { revoked_at: moment.now });
    }
    return { status: 204, body: null };
  },
});
