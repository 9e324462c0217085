import type { Book } from '../ledger/book.js';
import { type Lookup, lookup } from '../ledger/lookup.js';
import type { Moment } from '../ledger/rule.js';

/** What ending a user's sessions and personal tokens reads. */
export function credentialReads(userId: string): readonly Lookup[] {
  return [
    lookup('sessions', { user_id: userId, ended_at: null }),
    lookup('tokens', { user_id: userId, revoked_at: null }),
  ];
}

/** How many sessions and personal tokens were ended. */
export interface EndedCredentials {
  readonly endedSessions: number;
  readonly revokedTokens: number;
}

/** Ends a user's sessions, but the one that may stay, and every personal token. */
export function endCredentials(
  book: Book,
  { now }: Moment,
  userId: string,
  stayingSessionId?: string,
): EndedCredentials {
  const sessions = book
    .findAll('sessions', { user_id: userId, ended_at: null })
    .filter(({ id }) => id !== stayingSessionId);
  for (const session of sessions) {
    book.update('sessions', session, { ended_at: now });
  }
  const tokens = book.findAll('tokens', { user_id: userId, revoked_at: null });
  for (const token of tokens) {
    book.update('tokens', token, { revoked_at: now });
  }
  return { endedSessions: sessions.length, revokedTokens: tokens.length };
}
