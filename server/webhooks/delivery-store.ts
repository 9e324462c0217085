import type { Database } from '../../db/connect.js';
import type { EventRow, WebhookRow } from '../../db/rows.js';

/** What the partial indexes are made for: a bound value would not find them. */
const isActive = "w.status = 'active'";
const isPending = "d.status = 'pending'";

/** Active webhooks whose owners have events beyond the cursor, the one furthest behind first. */
export async function findWebhooksBehind(readers: Database, limit: number): Promise<readonly WebhookRow[]> {
  return readers('webhooks as w')
    .whereRaw(isActive)
    .whereExists((newer) => {
      newer
        .select(readers.raw('1'))
        .from('events as e')
        .where('e.user_id', readers.ref('w.user_id'))
        .where('e.id', '>', readers.ref('w.event_cursor'));
    })
    .orderBy('w.event_cursor')
    .limit(limit)
    .select('w.*');
}

/** An active webhook, and when the next of its deliveries is due; null where none is pending. */
export interface Lane {
  readonly id: string;
  readonly user_id: string;
  readonly due_at: number | null;
}

/** All active webhooks, their deliveries under way not counted. */
export async function findLanes(readers: Database, underWay: readonly string[]): Promise<readonly Lane[]> {
  return readers('webhooks as w')
    .whereRaw(isActive)
    .select('w.id', 'w.user_id')
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
  readonly delivery_id: string;
  readonly webhook_id: string;
  readonly url: string;
  readonly secret: string;
  readonly event: EventRow;
}

type DueRow = Omit<DueDelivery, 'event'> & EventRow;

/** A webhook's deliveries that are due, those under way left out, the longest waiting first. */
export async function findDue(
  readers: Database,
  webhookId: string,
  { now, underWay, limit }: { now: number; underWay: readonly string[]; limit: number },
): Promise<readonly DueDelivery[]> {
  const rows: readonly DueRow[] = await readers('deliveries as d')
    .join('webhooks as w', 'w.id', 'd.webhook_id')
    .join('events as e', 'e.id', 'd.event_id')
    .whereRaw(isPending)
    .whereRaw(isActive)
    .where('d.webhook_id', webhookId)
    .where('d.next_attempt_at', '<=', now)
    .whereNotIn('d.id', underWay)
    .orderBy(['d.next_attempt_at', 'd.id'])
    .limit(limit)
    .select('d.id as delivery_id', 'd.webhook_id', 'w.url', 'w.secret', 'e.*');
  return rows.map(({ delivery_id, webhook_id, url, secret, ...event }) => ({
    delivery_id,
    webhook_id,
    url,
    secret,
    event,
  }));
}

/** How many deliveries are still to be made, now or later. */
export async function countWaiting(readers: Database): Promise<number> {
  const [row] = await readers('deliveries as d')
    .whereRaw(isPending)
    .count<{ waiting: number }[]>({ waiting: '*' });
  return row?.waiting ?? 0;
}
