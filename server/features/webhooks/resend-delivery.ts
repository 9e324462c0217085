import assert from 'node:assert/strict';
import { Refusal } from '../../errors.js';
import { lookup } from '../../ledger/book/lookup.js';
import { defineRule } from '../../ledger/rule.js';
import { eventReads, eventType } from '../events/known-event.js';
import { ownWebhook } from './own-webhook.js';
import { deliveryJson } from './wire.js';

export interface ResendDelivery {
  readonly userId: number;
  readonly webhookId: number;
  readonly deliveryId: number;
}

export const noSuchDelivery = () =>
  new Refusal('NOT_FOUND', 'This webhook has no delivery with this id. List them.');

/** Begins a delivery anew, whatever came of it: it is due now and has its three days again. */
export const resendDelivery = defineRule<ResendDelivery>('resend-delivery', {
  needsTime: false,

  reads(book, { userId, webhookId, deliveryId }) {
    const delivery = book.peek('deliveries', { id: deliveryId });
    return [
      lookup('webhooks', { id: webhookId }),
      lookup('deliveries', { id: deliveryId }),
      ...(delivery ? eventReads(book, userId, delivery.event_id) : []),
    ];
  },

  decide(book, { userId, webhookId, deliveryId }, { moment }) {
    const webhook = ownWebhook(book.find('webhooks', { id: webhookId }), userId);
    const delivery = book.find('deliveries', { id: deliveryId });
    if (delivery?.webhook_id !== webhook.id) {
      throw noSuchDelivery();
    }
    if (webhook.status !== 'active') {
      throw new Refusal('WEBHOOK_DISABLED', 'Nothing is sent to a disabled webhook. Make a new one.');
    }
    const resent = book.update('deliveries', delivery, {
      status: 'pending',
      attempts: 0,
      next_attempt_at: moment.now,
      retry_until: null,
    });
    const type = eventType(book, webhook.user_id, delivery.event_id);
    assert(type !== undefined, 'What is delivered is there.');
    return { status: 200, body: deliveryJson(resent, type, webhook.status) };
  },
});
