import { Refusal } from '../../errors.js';
import { lookup } from '../../ledger/book/lookup.js';
import { stateOf } from '../../ledger/credential-state.js';
import { recordAct } from '../../ledger/record-act.js';
import { defineRule, done } from '../../ledger/rule.js';
import { activeWebhooks, endWebhooks } from '../accounts/end-webhooks.js';
import { tokenJson } from './wire.js';

export interface RevokeToken {
  readonly userId: number;
  readonly tokenId: number;
}

export const noSuchToken = () =>
  new Refusal('NOT_FOUND', 'You have no token with this id.', { see: 'listTokens' });

export const revokeToken = defineRule<RevokeToken>('revoke-token', {
  needsTime: false,

  reads: (_book, { userId, tokenId }) => [lookup('tokens', { id: tokenId }), activeWebhooks(userId)],

  decide(book, { userId, tokenId }, circumstances) {
    const token = book.find('tokens', { id: tokenId });
    if (token?.user_id !== userId || token.revoked_at !== null) {
      throw noSuchToken();
    }
    const { moment } = circumstances;
    const revoked = book.update('tokens', token, { revoked_at: moment.now });
    const webhooks = endWebhooks(book, moment, userId, ({ token_id }) => token_id === tokenId);
    const { id, name, scopes } = tokenJson(token);
    recordAct(book, circumstances, {
      action: 'token.revoked',
      subject: id,
      before: { name, scopes },
      credentials: { ...stateOf('tokens', revoked), ...webhooks },
    });
    return done;
  },
});
