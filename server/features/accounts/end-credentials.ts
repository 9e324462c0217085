import type { Book } from '../../ledger/book.js';
import { type Lookup, lookup } from '../../ledger/lookup.js';
import type { Moment } from '../../ledger/rule.js';

/** More sessions or tokens that nobody has ended one user has not, those of older versions included. */
const mostRead = 10_000;

/** What ending a user's sessions and personal tokens reads. */
export function credentialReads(userId: number): readonly [Lookup, Lookup] {
  return [
    lookup('sessions', { user_id: userId, ended_at: null }, mostRead),
    lookup('tokens', { user_id: userId, revoked_at: null }, mostRead),
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
  userId: number,
  stayingSessionId?: number,
): EndedCredentials {
  const [liveSessions, liveTokens] = credentialReads(userId);
  const sessions = book.all('sessions', liveSessions).filter(({ id }) => id !== stayingSessionId);
  for (const session of sessions) {
    book.update('sessions', session, { ended_at: now });
  }
  const tokens = book.all('tokens', liveTokens);
  for (const token of tokens) {
    book.update('tokens', token, { revoked_at: now });
  }
  return { endedSessions: sessions.length, revokedTokens: tokens.length };
}
