import assert from 'node:assert/strict';
import type { Database } from '../../../db/connect.js';
import { numbersPerPayment } from '../../../db/event-numbers.js';
import type { WebhookRow } from '../../../db/tables/events.js';
import { findEvent, type ToldEvent } from '../events/event-store.js';

/** The conditions that the partial indexes are made for: a bound value would not find them. */
const isActive = "w.status = 'active'";
const isPending = "d.status = 'pending'";

const hasNewerRow =
  'exists (select 1 from events as v where v.user_id = w.user_id and v.id > w.event_cursor)';
const hasNewerReceipt = `exists (
  select 1 from accounts as a join entries as e on e.account_id = a.id and e.kind = 'receipt'
  where a.user_id = w.user_id and e.payment_id > w.event_cursor / ${numbersPerPayment})`;

/** The most pending deliveries of a webhook, beyond which no more are made until some of them are done; its events wait where they are. */
export const mostPending = 1_000;

/** Active webhooks whose owners have events beyond the cursor and that have room for them, the one furthest behind first. */
export async function findWebhooksBehind(readers: Database, limit: number): Promise<readonly WebhookRow[]> {
  return readers('webhooks as w')
    .whereRaw(isActive)
    .whereRaw(`(${hasNewerRow} or ${hasNewerReceipt})`)
    .whereRaw(
      `(select count(*) from (select 1 from deliveries as d where ${isPending} and d.webhook_id = w.id limit ${mostPending}) as first) < ${mostPending}`,
    )
    .orderBy('w.event_cursor')
    .limit(limit)
    .select('w.*');
}

/** An active webhook, and when the next of its deliveries is due; null where none is pending. */
export interface WebhookQueue {
  readonly id: number;
  readonly user_id: number;
  readonly url: string;
  readonly due_at: number | null;
}

/** The queues of all active webhooks, their deliveries under way not counted. */
export async function findWebhookQueues(
  readers: Database,
  underWay: readonly number[],
): Promise<readonly WebhookQueue[]> {
  return readers('webhooks as w')
    .whereRaw(isActive)
    .select('w.id', 'w.user_id', 'w.url')
    .select({
      due_at: readers('deliveries as d')
        .whereRaw(isPending)
        .where('d.webhook_id', readers.ref('w.id'))
        .whereNotIn('d.id', underWay)
        .orderBy('d.next_attempt_at')
        .limit(1)
        .select('d.next_attempt_at'),
    });
}

/** A delivery that is due, with all that is needed to send it. */
export interface DueDelivery {
  readonly delivery_id: number;
  readonly webhook_id: number;
  readonly url: string;
  readonly secret: string;
  readonly event: ToldEvent;
}

type DueRow = Omit<DueDelivery, 'event'> & { readonly user_id: number; readonly event_id: number };

/** A webhook's deliveries that are due, those under way left out, the longest waiting first. */
export async function findDue(
  readers: Database,
  webhookId: number,
  { now, underWay, limit }: { now: number; underWay: readonly number[]; limit: number },
): Promise<readonly DueDelivery[]> {
  const rows: readonly DueRow[] = await readers('deliveries as d')
    .join('webhooks as w', 'w.id', 'd.webhook_id')
    .whereRaw(isPending)
    .whereRaw(isActive)
    .where('d.webhook_id', webhookId)
    .where('d.next_attempt_at', '<=', now)
    .whereNotIn('d.id', underWay)
    .orderBy(['d.next_attempt_at', 'd.id'])
    .limit(limit)
    .select('d.id as delivery_id', 'd.webhook_id', 'w.url', 'w.secret', 'w.user_id', 'd.event_id');
  return Promise.all(
    rows.map(async ({ user_id, event_id, ...due }) => {
      const event = await findEvent(readers, user_id, event_id);
      assert(event, 'What is delivered is there.');
      return { ...due, event };
    }),
  );
}

/** How many deliveries are still to be made, now or later; those of webhooks that have ended are not. */
export async function countWaiting(readers: Database): Promise<number> {
  const [row] = await readers('webhooks as w')
    .join('deliveries as d', 'd.webhook_id', 'w.id')
    .whereRaw(isActive)
    .whereRaw(isPending)
    .count<{ waiting: number }[]>({ waiting: '*' });
  return row?.waiting ?? 0;
}
