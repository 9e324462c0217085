import type { WebhookRow } from '../../../db/tables/events.js';
import { typesOf } from './wire.js';

/**
 * A webhook as the audit trail keeps it. Of the URL only where it leads: path and query are what keeps strangers from
 * posting to many an endpoint.
 */
export const recordedWebhook = (webhook: WebhookRow) => ({
  origin: new URL(webhook.url).origin,
  types: typesOf(webhook),
});
