import type { SessionRow, TokenRow } from '../../db/tables/credentials.js';
import type { UserRow } from '../../db/tables/users.js';
import { Refusal } from '../errors.js';
import type { Book } from './book/book.js';
import { type Lookup, lookup } from './book/lookup.js';
import type { TableChanges } from './book/table-changes.js';
import type { Caller, Moment } from './rule.js';

/** The lookups that tell whether the caller's session or personal token still holds. */
export function callerReads({ credential }: Caller): readonly Lookup[] {
  if (credential === undefined) {
    return [];
  }
  const { kind, id } = credential;
  return [kind === 'session' ? lookup('sessions', { id }) : lookup('tokens', { id })];
}

const isEnded = (row: SessionRow | TokenRow) => ('ended_at' in row ? row.ended_at : row.revoked_at) !== null;

/** The callers whom a commit has changed: whoever keeps some in mind has to look these up anew. */
export interface ChangedCallers {
  readonly sessions: readonly SessionRow[];
  readonly tokens: readonly TokenRow[];
  readonly users: readonly UserRow[];
}

/** The sessions and tokens that have ended, and the users of whom something is not what it was. */
export function changedCallers(changes: readonly TableChanges[]): ChangedCallers {
  const updated = (wanted: TableChanges['table']) =>
    changes.find(({ table }) => table === wanted)?.updated ?? [];
  return {
    sessions: (updated('sessions') as readonly SessionRow[]).filter(isEnded),
    tokens: (updated('tokens') as readonly TokenRow[]).filter(isEnded),
    users: updated('users') as readonly UserRow[],
  };
}

export const changesCallers = (changes: readonly TableChanges[]): boolean => {
  const { sessions, tokens, users } = changedCallers(changes);
  return sessions.length + tokens.length + users.length > 0;
};

/** The time at which a session or token ends by itself, in microseconds: a session also where it is left alone. */
export const endOfCredential = (row: SessionRow | TokenRow) =>
  'idle_until' in row ? Math.min(row.expires_at, row.idle_until) : row.expires_at;

/**
 * How far ahead a session may have been opened, in microseconds: that a clock is off by hours, or another server's is, logs nobody
 * out, and a session lasts little longer for it.
 */
export const mostAheadMicros = 24 * 3_600_000_000;

/** Whether a session was opened while the clock was far ahead: it would last for as long as that was, and its days from then on. */
export const isOfClockAhead = ({ created_at }: Pick<SessionRow, 'created_at'>, now: number): boolean =>
  created_at > now + mostAheadMicros;

const isOver = (row: SessionRow | TokenRow, now: number) =>
  isEnded(row) || endOfCredential(row) <= now || ('idle_until' in row && isOfClockAhead(row, now));

/**
 * Refuses a caller whose session or token has ended since the door saw it: between the two lie the body, which may take its
 * time, and whatever waits before it in the queue. Throws UNAUTHENTICATED.
 */
export function judgeCredential(book: Book, { credential, userId }: Caller, { machineNow }: Moment): void {
  if (credential === undefined) {
    return;
  }
  const { kind, id } = credential;
  const row = kind === 'session' ? book.find('sessions', { id }) : book.find('tokens', { id });
  if (row?.user_id !== userId || isOver(row, machineNow)) {
    throw new Refusal('UNAUTHENTICATED', `The ${kind} has ended meanwhile; nothing was done. Log in again.`);
  }
}
