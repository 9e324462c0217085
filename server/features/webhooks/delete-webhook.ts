import { publicId } from '../../ids.js';
import { lookup } from '../../ledger/book/lookup.js';
import { stateOf } from '../../ledger/credential-state.js';
import { recordAct } from '../../ledger/record-act.js';
import { defineRule, done } from '../../ledger/rule.js';
import { ownWebhook } from './own-webhook.js';
import { recordedWebhook } from './recorded-webhook.js';

export interface DeleteWebhook {
  readonly userId: number;
  readonly webhookId: number;
}

export const deleteWebhook = defineRule<DeleteWebhook>('delete-webhook', {
  needsTime: false,

  reads: (_book, { webhookId }) => [lookup('webhooks', { id: webhookId })],

  decide(book, { userId, webhookId }, circumstances) {
    const webhook = ownWebhook(book.find('webhooks', { id: webhookId }), userId);
    const deleted = book.update('webhooks', webhook, { status: 'deleted', secret: '' });
    recordAct(book, circumstances, {
      action: 'webhook.deleted',
      subject: publicId('whk', webhookId),
      before: recordedWebhook(webhook),
      credentials: stateOf('webhooks', deleted),
    });
    return done;
  },
});
