import { lookup } from '../ledger/book.js';
import { defineRule } from '../ledger/rule.js';

export interface EndSession {
  readonly sessionId: string;
}

export const endSession = defineRule<EndSession>({
  needsTime: false,

  reads: (_book, { sessionId }) => [lookup('sessions', { id: sessionId })],

  decide(book, { sessionId }, { moment }) {
    const session = book.get('sessions', { id: sessionId });
    if (session.ended_at === null) {
      book.update('sessions', session, { ended_at: moment.now });
    }
    return { status: 204, body: null };
  },
});
