import type { TokenRow } from '../../../db/tables/credentials.js';
import { Refusal } from '../../errors.js';
import type { Book } from '../../ledger/book/book.js';
import { lookup } from '../../ledger/book/lookup.js';
import { type CredentialStates, stateOf, statesOf } from '../../ledger/credential-state.js';
import { recordAct } from '../../ledger/record-act.js';
import { recordEvent } from '../../ledger/record-event.js';
import { defineRule } from '../../ledger/rule.js';
import { credentialReads } from '../accounts/end-credentials.js';
import { mostCredentials } from '../accounts/live-credentials.js';
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

/**
 * Makes place for another token: what has expired gives way. Throws LIMIT_EXCEEDED where the user has as many as there may be;
 * none that is live ends by itself, since a script that uses it would stop without anybody having said so. Gives what those are
 * that were over.
 */
function makeRoom(book: Book, userId: number, now: number): CredentialStates {
  const [, unrevoked] = credentialReads(userId);
  const tokens = book.all('tokens', unrevoked);
  const live = tokens.filter(({ expires_at }) => expires_at > now);
  if (live.length >= mostCredentials.tokens) {
    throw new Refusal(
      'LIMIT_EXCEEDED',
      `You have ${live.length} tokens; ${mostCredentials.tokens} are as many as one user may have. Revoke one first.`,
      { see: 'listTokens', figures: { limit: mostCredentials.tokens, remaining: 0 } },
    );
  }
  const over = tokens.length < mostCredentials.tokens ? [] : tokens.filter((token) => !live.includes(token));
  return statesOf(
    'tokens',
    over.map((token) => book.update('tokens', token, { revoked_at: token.expires_at })),
  );
}

export const createToken = defineRule<CreateToken>('create-token', {
  needsTime: false,

  reads: (_book, { userId }) => [lookup('users', { id: userId }), credentialReads(userId)[1]],

  decide(book, { userId, tokenHash, name, scopes, expiresInDays }, circumstances) {
    const { caller, moment } = circumstances;
    const user = book.get('users', { id: userId });
    refuseFrozen({ user }, 'make tokens');
    const over = makeRoom(book, user.id, moment.now);
    const token: TokenRow = {
      id: book.newId('tokens'),
      user_id: user.id,
      name,
      scopes: scopes.join(' '),
      token_hash: tokenHash,
      created_at: moment.now,
      expires_at: moment.now + expiresInDays * dayMicros,
      revoked_at: null,
      last_used_at: null,
    };
    book.insert('tokens', token);
    const body = tokenJson(token);
    recordAct(book, circumstances, {
      action: 'token.created',
      subject: body.id,
      after: { name, scopes, expiresAt: body.expiresAt },
      credentials: { ...over, ...stateOf('tokens', token) },
    });
    recordEvent(book, moment, user.id, 'token.created', { ...body, address: caller.address });
    return { status: 201, body, location: `/v1/tokens/${body.id}` };
  },
});
