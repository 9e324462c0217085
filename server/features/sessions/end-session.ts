import { publicId } from '../../ids.js';
import { lookup } from '../../ledger/lookup.js';
import { recordAct } from '../../ledger/record-act.js';
import { defineRule, done } from '../../ledger/rule.js';

export interface EndSession {
  readonly userId: number;
  readonly sessionId: number;
}

export const endSession = defineRule<EndSession>('end-session', {
  needsTime: false,

  reads: (_book, { userId, sessionId }) => [
    lookup('users', { id: userId }),
    lookup('sessions', { id: sessionId }),
  ],

  decide(book, { userId, sessionId }, circumstances) {
    const session = book.get('sessions', { id: sessionId });
    if (session.ended_at === null) {
      book.update('sessions', session, { ended_at: circumstances.moment.now });
      const { username } = book.get('users', { id: userId });
      recordAct(book, circumstances, {
        action: 'session.ended',
        subject: username,
        before: { session: publicId('ses', sessionId) },
      });
    }
    return done;
  },
});
