import type { TokenRow } from '../../../db/rows.js';
import { lookup } from '../../ledger/lookup.js';
import { recordAct } from '../../ledger/record-act.js';
import { defineRule } from '../../ledger/rule.js';
import { refuseFrozen } from '../accounts/refuse-frozen.js';
import { tokenJson } from './wire.js';

const dayMicros = 24 * 3600 * 1_000_000;

export interface CreateToken {
  readonly userId: number;
  readonly tokenHash: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly expiresInDays: number;
}

export const createToken = defineRule<CreateToken>('create-token', {
  needsTime: false,

  reads: (_book, { userId }) => [lookup('users', { id: userId })],

  decide(book, { userId, tokenHash, name, scopes, expiresInDays }, circumstances) {
    const { moment } = circumstances;
    const user = book.get('users', { id: userId });
    refuseFrozen({ user }, 'make tokens');
    const token: TokenRow = {
      id: book.newId('tokens'),
      user_id: user.id,
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
