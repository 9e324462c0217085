import { timeText } from '../../clock.js';
import { Refusal } from '../../errors.js';
import { lookup } from '../../ledger/book/lookup.js';
import { stateOf } from '../../ledger/credential-state.js';
import { recordAct } from '../../ledger/record-act.js';
import { recordEvent } from '../../ledger/record-event.js';
import { actingAdmin, actingAdminReads } from '../accounts/acting-admin.js';
import { credentialReads, endCredentials } from '../accounts/end-credentials.js';
import { findTarget } from '../accounts/find-target.js';
import { oneTimeMicros } from '../credentials/one-time-password.js';
import { defineAskingRule } from '../second-factor/ask-for-code.js';

export interface ResetPassword {
  /** The username in lower case. */
  readonly username: string;
  /** The hash of the one-time password. */
  readonly passwordHash: string;
  readonly reason: string;
}

/**
 * Sets a one-time password, which opens nothing but its own change, and ends all sessions and tokens. Nobody resets
 * their own: that would take no current password.
 */
export const resetPassword = defineAskingRule<ResetPassword>('reset-password', {
  needsTime: false,

  reads(book, { username }, caller) {
    const target = book.peek('users', { username_key: username });
    return [
      ...actingAdminReads(caller),
      lookup('users', { username_key: username }),
      ...(target ? credentialReads(target.id) : []),
    ];
  },

  decide(book, { username, passwordHash, reason }, circumstances) {
    const actor = actingAdmin(book, circumstances);
    const user = findTarget(book, username);
    if (user.id === actor.id) {
      throw new Refusal('FORBIDDEN', 'Nobody resets their own password: change it instead.', {
        see: 'changePassword',
      });
    }
    const until = circumstances.moment.now + oneTimeMicros.reset;
    const changed = book.update('users', user, { password_hash: passwordHash, one_time_until: until });
    const ended = endCredentials(book, circumstances.moment, user.id);
    recordAct(book, circumstances, {
      action: 'password.reset',
      subject: user.username,
      reason,
      before: { mustChangePassword: user.one_time_until !== null },
      after: { mustChangePassword: true, ...ended.counts },
      credentials: { ...stateOf('users', changed), ...ended.credentials },
    });
    recordEvent(book, circumstances.moment, user.id, 'password.reset', {
      reason,
      expiresAt: timeText(until),
    });
    return { status: 200, body: { expiresAt: timeText(until) } };
  },
});
