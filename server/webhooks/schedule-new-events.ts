import type { Database } from '../../db/connect.js';
import type { WebhookRow } from '../../db/rows.js';
import { listEventsSince } from '../events/event-store.js';
import { findWebhooksBehind } from './delivery-store.js';
import type { ScheduleDeliveries, WebhookEvents } from './schedule-deliveries.js';
import { typesOf } from './wire.js';

/** At most so many deliveries are made in one decision: payments wait in the same queue. */
const webhooksAtOnce = 10;
const eventsAtOnce = 50;

async function nextEvents(readers: Database, webhook: WebhookRow): Promise<WebhookEvents> {
  const after = webhook.event_cursor;
  const events = await listEventsSince(readers, webhook.user_id, after, eventsAtOnce);
  const types: ReadonlySet<string> = new Set(typesOf(webhook));
  const wanted = events.filter(({ type }) => types.has('*') || types.has(type));
  return {
    webhookId: webhook.id,
    after,
    upTo: events.at(-1)?.id ?? after,
    eventIds: wanted.map(({ id }) => id),
  };
}

/** Has deliveries made of every event that no webhook of its owner has looked at yet, a few at a time. */
export async function scheduleNewEvents(
  readers: Database,
  schedule: (input: ScheduleDeliveries) => Promise<void>,
): Promise<void> {
  for (;;) {
    const behind = await findWebhooksBehind(readers, webhooksAtOnce);
    if (behind.length === 0) {
      return;
    }
    const webhooks: WebhookEvents[] = [];
    for (const webhook of behind) {
      webhooks.push(await nextEvents(readers, webhook));
    }
    await schedule({ webhooks });
  }
}
