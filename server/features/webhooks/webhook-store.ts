import type { Knex } from 'knex';
import type { Database } from '../../../db/connect.js';
import { countRows } from '../../../db/count-rows.js';
import { receiptType } from '../../../db/event-numbers.js';
import type { DeliveryRow, WebhookRow } from '../../../db/tables/events.js';

interface Page {
  /** The id that the page begins after. */
  readonly after: string | undefined;
  readonly limit: number;
}

function webhooksQuery(readers: Database, userId: number, { after, limit }: Page): Knex.QueryBuilder {
  const query = readers<WebhookRow>('webhooks')
    .where({ user_id: userId })
    .whereNot({ status: 'deleted' })
    .orderBy('id', 'desc')
    .limit(limit);
  return after === undefined ? query : query.where('id', '<', Number(after));
}

/** A user's webhooks that are not deleted, newest first. */
export async function listWebhooks(
  ...asked: Parameters<typeof webhooksQuery>
): Promise<readonly WebhookRow[]> {
  return webhooksQuery(...asked);
}

export const countWebhooks = (...asked: Parameters<typeof webhooksQuery>): Promise<number> =>
  countRows(asked[0], webhooksQuery(...asked));

export async function findWebhook(readers: Database, id: number): Promise<WebhookRow | undefined> {
  return readers<WebhookRow>('webhooks').where({ id }).first();
}

export interface DeliveryWithType extends DeliveryRow {
  /** The type of the delivery's event. */
  readonly type: string;
}

function deliveriesQuery(readers: Database, webhookId: number, { after, limit }: Page): Knex.QueryBuilder {
  const query = readers('deliveries as d')
    .join('webhooks as w', 'w.id', 'd.webhook_id')
    .leftJoin('events as e', (on) => void on.on('e.user_id', 'w.user_id').on('e.id', 'd.event_id'))
    .where('d.webhook_id', webhookId)
    .orderBy('d.id', 'desc')
    .limit(limit)
    // An event without a row is a receipt.
    .select('d.*', readers.raw(`coalesce(e.type, '${receiptType}') as type`));
  return after === undefined ? query : query.where('d.id', '<', Number(after));
}

/** The deliveries of a webhook, newest first. */
export async function listDeliveries(
  ...asked: Parameters<typeof deliveriesQuery>
): Promise<readonly DeliveryWithType[]> {
  return deliveriesQuery(...asked);
}

export const countDeliveries = (...asked: Parameters<typeof deliveriesQuery>): Promise<number> =>
  countRows(asked[0], deliveriesQuery(...asked));
