import { Refusal } from '../errors.js';
import { lookup } from '../ledger/book.js';
import { defineRule } from '../ledger/rule.js';

export interface RevokeToken {
  readonly userId: string;
  readonly tokenId: string;
}

export const revokeToken = defineRule<RevokeToken>({
  needsTime: false,

  reads: (_book, { tokenId }) => [lookup('tokens', { id: tokenId })],

  decide(book, { userId, tokenId }, { moment }) {
    const token = book.find('tokens', { id: tokenId });
    if (token?.user_id !== userId || token.revoked_at !== null) {
      throw new Refusal('NOT_FOUND', 'You have no token with this id. List yours with GET /v1/tokens.');
    }
    book.update('tokens', token, { revoked_at: moment.now });
    return { status: 204, body: null };
  },
});
