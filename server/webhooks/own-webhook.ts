import type { WebhookRow } from '../../db/rows.js';
import { Refusal } from '../errors.js';

/** The webhook, where it is this user's and not deleted. Throws NOT_FOUND. */
export function ownWebhook(webhook: WebhookRow | undefined, userId: string): WebhookRow {
  if (webhook?.user_id !== userId || webhook.status === 'deleted') {
    throw new Refusal('NOT_FOUND', 'You have no webhook with this id. List yours with GET /v1/webhooks.');
  }
  return webhook;
}
