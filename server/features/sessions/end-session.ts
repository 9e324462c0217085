import { Refusal } from '../../errors.js';
import { publicId } from '../../ids.js';
import { lookup } from '../../ledger/book/lookup.js';
import { stateOf } from '../../ledger/credential-state.js';
import { recordAct } from '../../ledger/record-act.js';
import { defineRule, done } from '../../ledger/rule.js';
import { activeWebhooks, endWebhooks } from '../accounts/end-webhooks.js';

export interface EndSession {
  readonly userId: number;
  readonly sessionId: number;
}

export const noSuchSession = () =>
  new Refusal('NOT_FOUND', 'You have no session with this id.', { see: 'listSessions' });

/** Ends a session of the user, the caller's own or another. One that is over already stays so. */
export const endSession = defineRule<EndSession>('end-session', {
  needsTime: false,

  reads: (_book, { userId, sessionId }) => [
    lookup('users', { id: userId }),
    lookup('sessions', { id: sessionId }),
    activeWebhooks(userId),
  ],

  decide(book, { userId, sessionId }, circumstances) {
    const session = book.find('sessions', { id: sessionId });
    if (session?.user_id !== userId) {
      throw noSuchSession();
    }
    if (session.ended_at === null) {
      const { moment } = circumstances;
      const ended = book.update('sessions', session, { ended_at: moment.now });
      const webhooks = endWebhooks(book, moment, userId, ({ session_id }) => session_id === sessionId);
      const { username } = book.get('users', { id: userId });
      recordAct(book, circumstances, {
        action: 'session.ended',
        subject: username,
        before: { session: publicId('ses', sessionId) },
        credentials: { ...stateOf('sessions', ended), ...webhooks },
      });
    }
    return done;
  },
});
