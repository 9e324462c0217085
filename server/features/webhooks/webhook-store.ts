import type { Database } from '../../../db/connect.js';
import type { DeliveryRow, WebhookRow } from '../../../db/rows.js';

interface Page {
  /** The id that the page begins after. */
  readonly after: string | undefined;
  readonly limit: number;
}

/** A user's webhooks that are not deleted, newest first. */
export async function listWebhooks(
  readers: Database,
  userId: number,
  { after, limit }: Page,
): Promise<readonly WebhookRow[]> {
  const query = readers<WebhookRow>('webhooks')
    .where({ user_id: userId })
    .whereNot({ status: 'deleted' })
    .orderBy('id', 'desc')
    .limit(limit);
  return after === undefined ? query : query.where('id', '<', Number(after));
}

export async function findWebhook(readers: Database, id: number): Promise<WebhookRow | undefined> {
  return readers<WebhookRow>('webhooks').where({ id }).first();
}

export interface DeliveryWithType extends DeliveryRow {
  /** The type of its event. */
  readonly type: string;
}

/** The deliveries of a webhook, newest first. */
export async function listDeliveries(
  readers: Database,
  webhookId: number,
  { after, limit }: Page,
): Promise<readonly DeliveryWithType[]> {
  const query = readers('deliveries as d')
    .join('webhooks as w', 'w.id', 'd.webhook_id')
    .join('events as e', (on) => void on.on('e.user_id', 'w.user_id').on('e.id', 'd.event_id'))
    .where('d.webhook_id', webhookId)
    .orderBy('d.id', 'desc')
    .limit(limit)
    .select('d.*', 'e.type');
  return after === undefined ? query : query.where('d.id', '<', Number(after));
}
