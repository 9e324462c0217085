import { lookup } from '../../ledger/lookup.js';
import { recordAct } from '../../ledger/record-act.js';
import { defineRule, done } from '../../ledger/rule.js';

export interface RefuseLogin {
  /** The username that was tried, in lower case. */
  readonly username: string;
}

/**
 * Records a login that failed, for a wrong password and for an unknown user alike: the same reads, the same write, so
 * that the time taken tells nothing. A name that nobody has is left out, since people type passwords in its place. How
 * often this writes is bounded by the rate limits of logins, which are judged before.
 */
export const refuseLogin = defineRule<RefuseLogin>('refuse-login', {
  needsTime: false,

  reads: (_book, { username }) => [lookup('users', { username_key: username })],

  decide(book, { username }, circumstances) {
    const user = book.find('users', { username_key: username });
    recordAct(book, circumstances, { action: 'session.refused', subject: user?.username ?? null });
    return done;
  },
});
