import { timeText } from '../../clock.js';
import { Refusal } from '../../errors.js';
import { lookup } from '../../ledger/book/lookup.js';
import { stateOf } from '../../ledger/credential-state.js';
import { recordAct } from '../../ledger/record-act.js';
import { recordEvent } from '../../ledger/record-event.js';
import { defineRule, done } from '../../ledger/rule.js';
import { credentialReads, endCredentials } from './end-credentials.js';

export interface PasswordChange {
  readonly userId: number;
  /** The session that stays; every other one, and every token, ends. */
  readonly sessionId: number;
  /** The hash that the current password was checked against. */
  readonly currentHash: string;
  readonly newHash: string;
}

export const wrongPassword = () =>
  new Refusal('WRONG_PASSWORD', 'The current password is wrong; nothing was changed.', {
    errors: [{ field: 'currentPassword', message: 'is wrong' }],
  });

/** The refusal of the same password: after a reset the administrator knows it until it is another. */
export const sameAsOneTime = () =>
  new Refusal('WEAK_PASSWORD', 'The one-time password must be changed: choose another.', {
    errors: [{ field: 'newPassword', message: 'is the one-time password' }],
  });

export const changePassword = defineRule<PasswordChange>('change-password', {
  needsTime: false,

  reads: (_book, { userId }) => [lookup('users', { id: userId }), ...credentialReads(userId)],

  decide(book, { userId, sessionId, currentHash, newHash }, circumstances) {
    const user = book.get('users', { id: userId });
    if (user.password_hash !== currentHash) {
      throw wrongPassword();
    }
    const changed = book.update('users', user, { password_hash: newHash, one_time_until: null });
    const ended = endCredentials(book, circumstances.moment, userId, sessionId);
    recordAct(book, circumstances, {
      action: 'password.changed',
      subject: user.username,
      after: ended.counts,
      credentials: { ...stateOf('users', changed), ...ended.credentials },
    });
    const { moment, caller } = circumstances;
    recordEvent(book, moment, userId, 'password.changed', {
      address: caller.address,
      at: timeText(moment.now),
    });
    return done;
  },
});
