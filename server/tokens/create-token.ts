import type { TokenRow } from '../../db/rows.js';
import { lookup } from '../ledger/book.js';
import { defineRule } from '../ledger/rule.js';
import { tokenJson } from './wire.js';

const dayMicros = 24 * 3600 * 1_000_000;

export interface CreateToken {
  readonly userId: string;
  readonly tokenHash: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly expiresInDays: number;
}

export const createToken = defineRule<CreateToken>({
  needsTime: false,

  reads: (_book, { userId }) => [lookup('users', { id: userId })],

  decide(book, { userId, tokenHash, name, scopes, expiresInDays }, { moment }) {
    const token: TokenRow = {
      id: moment.newId('tok'),
      user_id: book.get('users', { id: userId }).id,
      name,
      scopes: scopes.join(' '),
      token_hash: tokenHash,
      created_at: moment.now,
      expires_at: moment.now + expiresInDays * dayMicros,
      revoked_at: null,
    };
    book.insert('tokens', token);
    return { status: 201, body: tokenJson(token), location: `/v1/tokens/${token.id}` };
  },
});
