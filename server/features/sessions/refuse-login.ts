import { lookup } from '../../ledger/book/lookup.js';
import { recordAct } from '../../ledger/record-act.js';
import { defineRule, done } from '../../ledger/rule.js';
import type { GuessKey } from '../guesses/guess-keys.js';
import { guessReads, noteFailure } from '../guesses/note-guesses.js';

export interface RefuseLogin {
  /** The username that was tried, in lower case. */
  readonly username: string;
  /** The keys that the failure counts under. */
  readonly guesses: readonly GuessKey[];
}

/**
 * Records a login that failed, and counts it, for a wrong password and for an unknown user alike: the same reads, the same write, so
 * that the time taken tells nothing. A name that nobody has is left out, since people type passwords in its place. How
 * often this writes is bounded by the rate limits of logins, which are judged before.
 */
export const refuseLogin = defineRule<RefuseLogin>('refuse-login', {
  needsTime: false,

  reads: (_book, { username, guesses }) => [
    lookup('users', { username_key: username }),
    ...guessReads(guesses),
  ],

  decide(book, { username, guesses }, circumstances) {
    const user = book.find('users', { username_key: username });
    recordAct(book, circumstances, { action: 'session.refused', subject: user?.username ?? null });
    noteFailure(book, guesses, circumstances.moment.now);
    return done;
  },
});
