import assert from 'node:assert/strict';
import type { Database } from '../../../db/connect.js';
import { dialectOf } from '../../../db/dialect.js';
import { numbersPerPayment } from '../../../db/event-numbers.js';
import type { WebhookRow } from '../../../db/tables/events.js';
import { findEvent, type ToldEvent } from '../events/event-store.js';
import { latestDue } from './retry-wait.js';

/** The conditions that the partial indexes are made for: a bound value would not find them. */
const isActive = "w.status = 'active'";
const isPending = "d.status = 'pending'";

const hasNewerRow =
  'exists (select 1 from events as v where v.user_id = w.user_id and v.id > w.event_cursor)';
const hasNewerReceipt = `exists (
  select 1 from accounts as a join entries as e on e.account_id = a.id and e.kind = 'receipt'
  where a.user_id = w.user_id and e.payment_id > w.event_cursor / ${numbersPerPayment})`;

/** The most pending deliveries of a webhook, beyond which no more are made until some of them are done; its events wait where they are. */
const mostPending = 1_000;

/** The owners of active webhooks. */
export async function findWebhookOwners(readers: Database): Promise<readonly number[]> {
  return readers('webhooks as w').whereRaw(isActive).distinct().pluck('w.user_id');
}

/**
 * Active webhooks that have room for deliveries and whose owners have events beyond the cursor, the one furthest behind first: of
 * these owners, or of all where none are named.
 */
export async function findWebhooksBehind(
  readers: Database,
  limit: number,
  ownerIds?: readonly number[],
): Promise<readonly WebhookRow[]> {
  const query = readers('webhooks as w')
    .whereRaw(isActive)
    .whereRaw(`(${hasNewerRow} or ${hasNewerReceipt})`)
    .whereRaw(
      `(select count(*) from (select 1 from deliveries as d where ${isPending} and d.webhook_id = w.id limit ${mostPending}) as first) < ${mostPending}`,
    )
    .orderBy('w.event_cursor')
    .limit(limit)
    .select('w.*');
  return ownerIds === undefined
    ? query
    : query.whereRaw(`w.user_id in (select k.value from ${dialectOf(readers).listed('bigint')})`, [
        JSON.stringify(ownerIds),
      ]);
}

/** An active webhook with deliveries that are pending, and when the next of them is due. */
export interface WebhookQueue {
  readonly id: number;
  readonly user_id: number;
  readonly url: string;
  readonly due_at: number;
}

/** The webhooks that have deliveries pending, one step in the index for each: the others, of which there are most, are passed over. */
const waitingWebhooks = `
  waiting (id) as (
    select min(d.webhook_id) from deliveries as d where ${isPending}
    union all
    select (select min(d.webhook_id) from deliveries as d where ${isPending} and d.webhook_id > waiting.id)
    from waiting where waiting.id is not null)`;

const queues = `
  queues as (
    select w.id, w.user_id, w.url,
      (select d.next_attempt_at from deliveries as d
        where ${isPending} and d.webhook_id = w.id and d.id not in (select k.value from underway as k)
        order by d.next_attempt_at limit 1) as due_at
    from waiting join webhooks as w on w.id = waiting.id where ${isActive})`;

/**
 * The queues of active webhooks in which something is due, and the one that is due next after them; `now` in microseconds. Deliveries
 * under way do not count.
 */
export async function findWebhookQueues(
  readers: Database,
  { now, underWay }: { readonly now: number; readonly underWay: readonly number[] },
): Promise<readonly WebhookQueue[]> {
  const statement = `
    with recursive underway as (select k.value from ${dialectOf(readers).listed('bigint')}), ${waitingWebhooks}, ${queues}
    select * from queues where due_at <= ? or due_at > ?
    union all
    select * from (select * from queues where due_at > ? and due_at <= ? order by due_at limit 1) as next`;
  const latest = latestDue(now);
  const bound = [JSON.stringify(underWay), now, latest, now, latest];
  const found: readonly WebhookQueue[] = await readers.raw(statement, bound);
  return found.map((queue) => (queue.due_at > latest ? { ...queue, due_at: now } : queue));
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
    .where((due) =>
      due.where('d.next_attempt_at', '<=', now).orWhere('d.next_attempt_at', '>', latestDue(now)),
    )
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
