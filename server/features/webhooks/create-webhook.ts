import type { WebhookRow } from '../../../db/tables/events.js';
import { Refusal } from '../../errors.js';
import { lookup } from '../../ledger/book/lookup.js';
import { stateOf } from '../../ledger/credential-state.js';
import { recordAct } from '../../ledger/record-act.js';
import { recordEvent } from '../../ledger/record-event.js';
import { defineRule } from '../../ledger/rule.js';
import { activeWebhooks, mostWebhooks } from '../accounts/end-webhooks.js';
import { refuseFrozen } from '../accounts/refuse-frozen.js';
import { recordedWebhook } from './recorded-webhook.js';
import { type WebhookType, webhookJson } from './wire.js';

export interface CreateWebhook {
  readonly userId: number;
  readonly url: string;
  readonly types: readonly WebhookType[];
  readonly secret: string;
}

export const createWebhook = defineRule<CreateWebhook>('create-webhook', {
  needsTime: false,

  reads: (_book, { userId }) => [lookup('users', { id: userId }), activeWebhooks(userId)],

  decide(book, { userId, url, types, secret }, circumstances) {
    const { moment, caller } = circumstances;
    const { credential, address } = caller;
    refuseFrozen({ user: book.get('users', { id: userId }) }, 'make webhooks');
    if (book.all('webhooks', activeWebhooks(userId)).length >= mostWebhooks) {
      throw new Refusal(
        'LIMIT_EXCEEDED',
        `You have ${mostWebhooks} active webhooks, as many as one user may. Delete one first.`,
        { figures: { limit: mostWebhooks, remaining: 0 } },
      );
    }
    const made: WebhookRow = {
      id: book.newId('webhooks'),
      user_id: userId,
      url,
      types: types.join(' '),
      secret,
      status: 'active',
      event_cursor: 0,
      created_at: moment.now,
      session_id: credential?.kind === 'session' ? credential.id : null,
      token_id: credential?.kind === 'token' ? credential.id : null,
    };
    const body = webhookJson(made);
    recordEvent(book, moment, userId, 'webhook.created', { ...body, address });
    // Events up to here, its own making the last of them, are older than the webhook; those after it are its own to tell.
    const webhook = { ...made, event_cursor: book.newestId('events') };
    book.insert('webhooks', webhook);
    recordAct(book, circumstances, {
      action: 'webhook.created',
      subject: body.id,
      after: recordedWebhook(webhook),
      credentials: stateOf('webhooks', webhook),
    });
    return { status: 201, body, location: `/v1/webhooks/${body.id}` };
  },
});
