import { lookup } from '../../ledger/lookup.js';
import { defineRule, type Moment } from '../../ledger/rule.js';

/** The next events of a webhook's owner, as they were read from the database. */
export interface WebhookEvents {
  readonly webhookId: number;
  /** The cursor that they were read from, and where it goes: the last event that was read, wanted or not. */
  readonly after: number;
  readonly upTo: number;
  /** Those among them that the webhook wants, in order. */
  readonly eventIds: readonly number[];
}

export interface ScheduleDeliveries {
  readonly webhooks: readonly WebhookEvents[];
}

const newDelivery = (id: number, webhookId: number, eventId: number, moment: Moment) =>
  ({
    id,
    webhook_id: webhookId,
    event_id: eventId,
    status: 'pending',
    attempts: 0,
    next_attempt_at: moment.now,
    retry_until: null,
    last_attempt_at: null,
    last_status: null,
    last_error: null,
    created_at: moment.now,
  }) as const;

/**
 * Makes the deliveries of events and moves the cursors past them. Events are never changed and their ids only grow, so
 * what was read from a cursor that still stands is complete; where it does not stand any more, somebody else did this.
 */
export const scheduleDeliveries = defineRule<ScheduleDeliveries>('schedule-deliveries', {
  needsTime: false,

  reads: (_book, { webhooks }) => webhooks.map(({ webhookId }) => lookup('webhooks', { id: webhookId })),

  decide(book, { webhooks }, { moment }) {
    let scheduled = 0;
    for (const { webhookId, after, upTo, eventIds } of webhooks) {
      const webhook = book.get('webhooks', { id: webhookId });
      if (webhook.status !== 'active' || webhook.event_cursor !== after) {
        continue;
      }
      for (const eventId of eventIds) {
        book.insert('deliveries', newDelivery(book.newId('deliveries'), webhookId, eventId, moment));
      }
      book.update('webhooks', webhook, { event_cursor: upTo });
      scheduled += eventIds.length;
    }
    return { status: 200, body: { scheduled } };
  },
});
