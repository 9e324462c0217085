import { lookup } from '../../ledger/lookup.js';
import { recordAct } from '../../ledger/record-act.js';
import { defineRule, done } from '../../ledger/rule.js';

export interface RefusePassword {
  readonly userId: number;
}

/** Records that somebody in a session of this user did not know the current password; changes nothing else. */
export const refusePassword = defineRule<RefusePassword>('refuse-password', {
  needsTime: false,

  reads: (_book, { userId }) => [lookup('users', { id: userId })],

  decide(book, { userId }, circumstances) {
    const { username } = book.get('users', { id: userId });
    recordAct(book, circumstances, { action: 'password.refused', subject: username });
    return done;
  },
});
