import type { WebhookRow } from '../../../db/tables/events.js';
import type { Book } from '../../ledger/book/book.js';
import { lookup } from '../../ledger/book/lookup.js';
import { defineRule, type Moment } from '../../ledger/rule.js';
import { disable } from './record-attempt.js';

/** The next events of a webhook's owner, as they were read from the database. */
export interface WebhookEvents {
  readonly webhookId: number;
  /** The cursor that the events were read from, and where it goes: the last event that was read, wanted or not. */
  readonly after: number;
  readonly upTo: number;
  /** The events among them that the webhook wants, in order. */
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

/** Whether the token is over that the webhook was made with: it ends with that, although nobody says so at the moment. */
const isOfExpiredToken = (book: Book, { token_id }: WebhookRow, { now }: Moment) =>
  token_id !== null && book.get('tokens', { id: token_id }).expires_at <= now;

/**
 * Makes the deliveries of events and moves the cursors past them. Events are never changed and their ids only grow, so
 * what was read from a cursor that still stands is complete; where it does not stand any more, somebody else did this.
 */
export const scheduleDeliveries = defineRule<ScheduleDeliveries>('schedule-deliveries', {
  needsTime: false,

  reads: (book, { webhooks }) =>
    webhooks.flatMap(({ webhookId }) => {
      const tokenId = book.peek('webhooks', { id: webhookId })?.token_id ?? null;
      return [
        lookup('webhooks', { id: webhookId }),
        ...(tokenId === null ? [] : [lookup('tokens', { id: tokenId })]),
      ];
    }),

  decide(book, { webhooks }, { caller, moment }) {
    let scheduled = 0;
    for (const { webhookId, after, upTo, eventIds } of webhooks) {
      const webhook = book.get('webhooks', { id: webhookId });
      if (webhook.status !== 'active' || webhook.event_cursor !== after) {
        continue;
      }
      if (isOfExpiredToken(book, webhook, moment)) {
        disable(book, webhook, { caller, moment }, 'the token that it was made with has expired');
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
