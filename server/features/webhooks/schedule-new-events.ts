import type { Database } from '../../../db/connect.js';
import type { WebhookRow } from '../../../db/tables/events.js';
import { listEventsSince } from '../events/event-store.js';
import { findWebhooksBehind } from './delivery-store.js';
import type { ScheduleDeliveries, WebhookEvents } from './schedule-deliveries.js';
import { typesOf } from './wire.js';

/** The most webhooks for which deliveries are made in one decision: payments wait in the same queue. */
const webhooksAtOnce = 10;
const eventsAtOnce = 50;

async function nextEvents(readers: Database, webhook: WebhookRow) {
  const after = webhook.event_cursor;
  const events = await listEventsSince(readers, webhook.user_id, after, eventsAtOnce);
  const types: ReadonlySet<string> = new Set(typesOf(webhook));
  const wanted = events.filter(({ type }) => types.has('*') || types.has(type));
  const next: WebhookEvents = {
    webhookId: webhook.id,
    after,
    upTo: events.at(-1)?.id ?? after,
    eventIds: wanted.map(({ id }) => id),
  };
  return { next, isPageFull: events.length === eventsAtOnce };
}

/**
 * Has deliveries made of events that webhooks have not looked at yet, those first that wait longest: of the webhooks of these
 * owners, or of all where none are named. Gives whether there may be more of them.
 */
export async function scheduleNewEvents(
  readers: Database,
  schedule: (input: ScheduleDeliveries) => Promise<void>,
  ownerIds?: readonly number[],
): Promise<boolean> {
  const behind = await findWebhooksBehind(readers, webhooksAtOnce, ownerIds);
  let hasMore = behind.length === webhooksAtOnce;
  const webhooks: WebhookEvents[] = [];
  for (const webhook of behind) {
    const { next, isPageFull } = await nextEvents(readers, webhook);
    webhooks.push(next);
    hasMore ||= isPageFull;
  }
  if (webhooks.length > 0) {
    await schedule({ webhooks });
  }
  return hasMore;
}
