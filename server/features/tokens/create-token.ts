import type { TokenRow } from '../../../db/rows.js';
import { Refusal } from '../../errors.js';
import { lookup } from '../../ledger/lookup.js';
import { recordAct } from '../../ledger/record-act.js';
import { defineRule } from '../../ledger/rule.js';
import { tokenJson } from './wire.js';

const dayMicros = 24 * 3600 * 1_000_000;

export interface CreateToken {
  readonly userId: number;
  /** The session that asks. */
  readonly sessionId: number;
  readonly tokenHash: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly expiresInDays: number;
}

export const createToken = defineRule<CreateToken>('create-token', {
  needsTime: false,

  reads: (_book, { userId, sessionId }) => [
    lookup('users', { id: userId }),
    lookup('sessions', { id: sessionId }),
  ],

  decide(book, { userId, sessionId, tokenHash, name, scopes, expiresInDays }, circumstances) {
    const { moment } = circumstances;
    // A change of password ends sessions and tokens: none may be made by a request that came in just before it.
    if (book.get('sessions', { id: sessionId }).ended_at !== null) {
      throw new Refusal('UNAUTHENTICATED', 'The session was ended meanwhile. Log in again.');
    }
    const token: TokenRow = {
      id: book.newId('tokens'),
      user_id: book.get('users', { id: userId }).id,
      name,
      scopes: scopes.join(' '),
      token_hash: tokenHash,
      created_at: moment.now,
      expires_at: moment.now + expiresInDays * dayMicros,
      revoked_at: null,
    };
    book.insert('tokens', token);
    const body = tokenJson(token);
    recordAct(book, circumstances, {
      action: 'token.created',
      subject: body.id,
      after: { name, scopes, expiresAt: body.expiresAt },
    });
    return { status: 201, body, location: `/v1/tokens/${body.id}` };
  },
});
