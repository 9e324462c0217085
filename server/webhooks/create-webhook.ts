import type { WebhookRow } from '../../db/rows.js';
import { Refusal } from '../errors.js';
import { lookup } from '../ledger/lookup.js';
import { recordAct } from '../ledger/record-act.js';
import { defineRule } from '../ledger/rule.js';
import { recordedWebhook } from './recorded-webhook.js';
import { type WebhookType, webhookJson } from './wire.js';

const mostWebhooks = 10;

export interface CreateWebhook {
  readonly userId: string;
  readonly url: string;
  readonly types: readonly WebhookType[];
  readonly secret: string;
}

export const createWebhook = defineRule<CreateWebhook>('create-webhook', {
  needsTime: false,

  reads: (_book, { userId }) => [lookup('webhooks', { user_id: userId, status: 'active' })],

  decide(book, { userId, url, types, secret }, circumstances) {
    const { moment } = circumstances;
    if (book.findAll('webhooks', { user_id: userId, status: 'active' }).length >= mostWebhooks) {
      throw new Refusal(
        'LIMIT_EXCEEDED',
        `You have ${mostWebhooks} active webhooks, as many as one user may. Delete one first.`,
        { figures: { limit: mostWebhooks, remaining: 0 } },
      );
    }
    const webhook: WebhookRow = {
      id: moment.newId('whk'),
      user_id: userId,
      url,
      types: types.join(' '),
      secret,
      status: 'active',
      // No event has this id; those before it are older than the webhook, those after it are its own to tell.
      event_cursor: moment.newId('evt'),
      created_at: moment.now,
    };
    book.insert('webhooks', webhook);
    recordAct(book, circumstances, {
      action: 'webhook.created',
      subject: webhook.id,
      after: recordedWebhook(webhook),
    });
    return { status: 201, body: webhookJson(webhook), location: `/v1/webhooks/${webhook.id}` };
  },
});
