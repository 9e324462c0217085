import { lookup } from '../../ledger/book/lookup.js';
import { recordAct } from '../../ledger/record-act.js';
import { defineRule, done } from '../../ledger/rule.js';
import type { GuessKey } from '../guesses/guess-keys.js';
import { guessReads, noteFailure } from '../guesses/note-guesses.js';

export interface RefusePassword {
  readonly userId: number;
  /** The keys that the failure counts under. */
  readonly guesses: readonly GuessKey[];
}

/** Records that somebody in a session of this user did not know the current password; changes nothing else. */
export const refusePassword = defineRule<RefusePassword>('refuse-password', {
  needsTime: false,

  reads: (_book, { userId, guesses }) => [lookup('users', { id: userId }), ...guessReads(guesses)],

  decide(book, { userId, guesses }, circumstances) {
    const { username } = book.get('users', { id: userId });
    recordAct(book, circumstances, { action: 'password.refused', subject: username });
    noteFailure(book, guesses, circumstances.moment.now);
    return done;
  },
});
