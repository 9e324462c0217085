import type { SessionRow } from '../../../db/rows.js';
import { timeText } from '../../clock.js';
import { Refusal } from '../../errors.js';
import { publicId } from '../../ids.js';
import type { Book } from '../../ledger/book.js';
import { lookup } from '../../ledger/lookup.js';
import { recordAct } from '../../ledger/record-act.js';
import { recordEvent } from '../../ledger/record-event.js';
import { defineRule } from '../../ledger/rule.js';
import { userJson } from '../accounts/wire.js';

const lifetimeMicros = 30 * 24 * 3600 * 1_000_000;

export interface OpenSession {
  readonly userId: number;
  readonly tokenHash: string;
  /** The hash that the password was checked against. */
  readonly passwordHash: string;
}

/** One text for an unknown user and for a wrong password. */
export const invalidCredentials = () =>
  new Refusal('INVALID_CREDENTIALS', 'The username or the password is wrong. Try again, or register.');

const oneTimeExpired = () =>
  new Refusal(
    'INVALID_CREDENTIALS',
    'The one-time password has expired. Ask an administrator for another one.',
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

export const openSession = defineRule<OpenSession>('open-session', {
  needsTime: false,

  reads: (_book, { userId }, { address }) => [
    lookup('users', { id: userId }),
    lookup('accounts', { user_id: userId }),
    ...placeReads(userId, address).map((where) => lookup('sessions', where)),
  ],

  decide(book, { userId, tokenHash, passwordHash }, circumstances) {
    const { caller, moment } = circumstances;
    const { address } = caller;
    const user = book.get('users', { id: userId });
    if (user.password_hash !== passwordHash) {
      throw invalidCredentials();
    }
    const oneTimeUntil = user.one_time_until ?? Number.POSITIVE_INFINITY;
    if (moment.now >= oneTimeUntil) {
      throw oneTimeExpired();
    }
    // What a one-time password opens ends with it.
    const expiresAt = Math.min(moment.now + lifetimeMicros, oneTimeUntil);
    const place = placeOf(book, userId, address);
    const id = book.newId('sessions');
    book.insert('sessions', {
      id,
      user_id: userId,
      token_hash: tokenHash,
      created_at: moment.now,
      expires_at: expiresAt,
      ended_at: null,
      address,
      place,
    });
    if (place === 'new') {
      recordEvent(book, moment, userId, 'session.opened', { address, at: timeText(moment.now) });
    }
    recordAct(book, circumstances, {
      action: 'session.opened',
      subject: user.username,
      after: { session: publicId('ses', id), expiresAt: timeText(expiresAt) },
    });
    const account = book.get('accounts', { user_id: userId });
    return {
      status: 201,
      body: {
        expiresAt: timeText(expiresAt),
        user: userJson(user, account),
        mustChangePassword: user.one_time_until !== null,
      },
    };
  },
});
