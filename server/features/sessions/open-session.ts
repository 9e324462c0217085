import type { SessionRow } from '../../../db/tables/credentials.js';
import type { UserRow } from '../../../db/tables/users.js';
import { timeText } from '../../clock.js';
import { Refusal } from '../../errors.js';
import { publicId } from '../../ids.js';
import type { Book } from '../../ledger/book/book.js';
import { lookup } from '../../ledger/book/lookup.js';
import { type CredentialStates, stateOf, statesOf } from '../../ledger/credential-state.js';
import { endOfCredential } from '../../ledger/judge-credential.js';
import { recordAct } from '../../ledger/record-act.js';
import { recordEvent } from '../../ledger/record-event.js';
import type { Circumstances } from '../../ledger/rule.js';
import { credentialReads } from '../accounts/end-credentials.js';
import { mostCredentials } from '../accounts/live-credentials.js';
import { userJson } from '../accounts/wire.js';
import type { GuessKey } from '../guesses/guess-keys.js';
import { forgiveFailures, guessReads } from '../guesses/note-guesses.js';
import { askForCode, defineAskingRule } from '../second-factor/ask-for-code.js';
import type { SessionLifetimes } from './lifetimes.js';

export interface OpenSession {
  readonly userId: number;
  readonly tokenHash: string;
  /** The hash that the password was checked against. */
  readonly passwordHash: string;
  /** A hash of the same password with the parameters of today, where that is of others. */
  readonly newHash?: string;
  readonly lifetimes: SessionLifetimes;
  /** The keys that earlier failures are forgiven under. */
  readonly guesses: readonly GuessKey[];
}

/** The refusal of a login, with one text for an unknown user and for a wrong password. */
export const invalidCredentials = () =>
  new Refusal('INVALID_CREDENTIALS', 'The username or the password is wrong. Try again, or register.');

const oneTimeExpired = () =>
  new Refusal(
    'INVALID_CREDENTIALS',
    'The one-time password has expired. Ask an administrator for another one.',
    { figures: { reason: 'expired' } },
  );

/** Few rows, however many sessions a user has had: of each place only the session that it was new to. */
const placeReads = (userId: number, address: string) => [
  { user_id: userId, place: 'first' } as const,
  { user_id: userId, place: 'new', address } as const,
];

function placeOf(book: Book, userId: number, address: string): SessionRow['place'] {
  const [firstOfAll, newFromHere] = placeReads(userId, address).map((where) => book.find('sessions', where));
  if (!firstOfAll) {
    return 'first';
  }
  return firstOfAll.address === address || newFromHere ? 'known' : 'new';
}

/**
 * Ends what is over, and of a user who has as many sessions as there may be those that were used longest ago: whoever could
 * not log in could not end one either, and which of them nobody uses any more is seen best by that. Gives what those are that
 * were over.
 */
function makeRoom(book: Book, user: UserRow, circumstances: Circumstances): CredentialStates {
  const { now } = circumstances.moment;
  const [open] = credentialReads(user.id);
  const live: SessionRow[] = [];
  const over: SessionRow[] = [];
  for (const session of book.all('sessions', open)) {
    const end = endOfCredential(session);
    if (end <= now) {
      over.push(book.update('sessions', session, { ended_at: end }));
    } else {
      live.push(session);
    }
  }
  live.sort((one, other) => one.last_used_at - other.last_used_at || one.id - other.id);
  for (const session of live.slice(0, Math.max(0, live.length + 1 - mostCredentials.sessions))) {
    const ended = book.update('sessions', session, { ended_at: now });
    recordAct(book, circumstances, {
      action: 'session.ended',
      subject: user.username,
      reason: `${mostCredentials.sessions} sessions are as many as one user may have`,
      before: { session: publicId('ses', session.id) },
      credentials: stateOf('sessions', ended),
    });
  }
  return statesOf('sessions', over);
}

export const openSession = defineAskingRule<OpenSession>('open-session', {
  needsTime: false,

  reads: (_book, { userId, guesses }, { address }) => [
    lookup('users', { id: userId }),
    lookup('accounts', { user_id: userId }),
    ...placeReads(userId, address).map((where) => lookup('sessions', where)),
    credentialReads(userId)[0],
    ...guessReads(guesses),
  ],

  decide(book, { userId, tokenHash, passwordHash, newHash, lifetimes, guesses }, circumstances) {
    const { caller, moment } = circumstances;
    const { address } = caller;
    let user = book.get('users', { id: userId });
    if (user.password_hash !== passwordHash) {
      throw invalidCredentials();
    }
    const oneTimeUntil = user.one_time_until ?? Number.POSITIVE_INFINITY;
    if (moment.now >= oneTimeUntil) {
      throw oneTimeExpired();
    }
    askForCode(book, circumstances, { why: 'Logging in takes', isAtLogin: true });
    // The session that a one-time password opens ends with it.
    const expiresAt = Math.min(moment.now + lifetimes.absoluteMicros, oneTimeUntil);
    const place = placeOf(book, userId, address);
    const over = makeRoom(book, user, circumstances);
    forgiveFailures(book, guesses);
    if (newHash !== undefined) {
      user = book.update('users', user, { password_hash: newHash });
    }
    const session: SessionRow = {
      id: book.newId('sessions'),
      user_id: userId,
      token_hash: tokenHash,
      created_at: moment.now,
      expires_at: expiresAt,
      ended_at: null,
      address,
      place,
      last_used_at: moment.now,
      idle_until: moment.now + lifetimes.idleMicros,
    };
    book.insert('sessions', session);
    if (place === 'new') {
      recordEvent(book, moment, userId, 'session.opened', { address, at: timeText(moment.now) });
    }
    recordAct(book, circumstances, {
      action: 'session.opened',
      subject: user.username,
      after: { session: publicId('ses', session.id), expiresAt: timeText(expiresAt) },
      credentials: {
        ...over,
        ...(newHash !== undefined && stateOf('users', user)),
        ...stateOf('sessions', session),
      },
    });
    const account = book.get('accounts', { user_id: userId });
    return {
      status: 201,
      body: {
        expiresAt: timeText(expiresAt),
        idleExpiresAt: timeText(Math.min(expiresAt, moment.now + lifetimes.idleMicros)),
        user: userJson(user, account),
        mustChangePassword: user.one_time_until !== null,
      },
    };
  },
});
