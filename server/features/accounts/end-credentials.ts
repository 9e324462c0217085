import type { Book } from '../../ledger/book/book.js';
import { type Lookup, lookup } from '../../ledger/book/lookup.js';
import { type CredentialStates, statesOf } from '../../ledger/credential-state.js';
import type { Moment } from '../../ledger/rule.js';
import { activeWebhooks, endWebhooks } from './end-webhooks.js';

/**
 * The most sessions or tokens of a user that are read: more that nobody has ended one user has not, those of older versions
 * included.
 */
const mostRead = 10_000;

/** The lookups of ending a user's sessions, personal tokens and webhooks. */
export function credentialReads(userId: number): readonly [Lookup, Lookup, Lookup] {
  return [
    lookup('sessions', { user_id: userId, ended_at: null }, mostRead),
    lookup('tokens', { user_id: userId, revoked_at: null }, mostRead),
    activeWebhooks(userId),
  ];
}

export interface EndedCredentials {
  /** How many sessions and personal tokens were ended. */
  readonly counts: { readonly endedSessions: number; readonly revokedTokens: number };
  /** The states of those credentials then, and of the webhooks that ended with them. */
  readonly credentials: CredentialStates;
}

/**
 * Ends a user's sessions, but the one that may stay, every personal token, and the webhooks that were made with any of them or
 * with nobody knows what.
 */
export function endCredentials(
  book: Book,
  moment: Moment,
  userId: number,
  stayingSessionId?: number,
): EndedCredentials {
  const { now } = moment;
  const [liveSessions, liveTokens] = credentialReads(userId);
  const sessions = book
    .all('sessions', liveSessions)
    .filter(({ id }) => id !== stayingSessionId)
    .map((session) => book.update('sessions', session, { ended_at: now }));
  const tokens = book
    .all('tokens', liveTokens)
    .map((token) => book.update('tokens', token, { revoked_at: now }));
  const webhooks = endWebhooks(
    book,
    moment,
    userId,
    ({ session_id }) => session_id === null || session_id !== stayingSessionId,
  );
  return {
    counts: { endedSessions: sessions.length, revokedTokens: tokens.length },
    credentials: { ...statesOf('sessions', sessions), ...statesOf('tokens', tokens), ...webhooks },
  };
}
