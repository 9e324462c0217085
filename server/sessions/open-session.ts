import { userJson } from '../accounts/wire.js';
import { timeText } from '../clock.js';
import { Refusal } from '../errors.js';
import { lookup } from '../ledger/book.js';
import { defineRule } from '../ledger/rule.js';

const lifetimeMicros = 30 * 24 * 3600 * 1_000_000;

export interface OpenSession {
  readonly userId: string;
  readonly tokenHash: string;
  /** The hash that the password was checked against. */
  readonly passwordHash: string;
}

/** One text for an unknown user and for a wrong password. */
export const invalidCredentials = () =>
  new Refusal('INVALID_CREDENTIALS', 'The username or the password is wrong. Try again, or register.');

export const openSession = defineRule<OpenSession>({
  needsTime: false,

  reads: (_book, { userId }) => [lookup('users', { id: userId }), lookup('accounts', { user_id: userId })],

  decide(book, { userId, tokenHash, passwordHash }, { moment }) {
    const user = book.get('users', { id: userId });
    if (user.password_hash !== passwordHash) {
      throw invalidCredentials();
    }
    const expiresAt = moment.now + lifetimeMicros;
    book.insert('sessions', {
      id: moment.newId('ses'),
      user_id: userId,
      token_hash: tokenHash,
      created_at: moment.now,
      expires_at: expiresAt,
      ended_at: null,
    });
    const account = book.get('accounts', { user_id: userId });
    return { status: 201, body: { expiresAt: timeText(expiresAt), user: userJson(user, account) } };
  },
});
