import type { WebhookRow } from '../../../db/tables/events.js';
import { Refusal } from '../../errors.js';
import { rowNumber } from '../../ids.js';

const noSuchWebhook = () =>
  new Refusal('NOT_FOUND', 'You have no webhook with this id.', { see: 'listWebhooks' });

/** The number of the webhook that a path names. Throws NOT_FOUND for an id that is none. */
export function webhookNumber(id: string): number {
  const number = rowNumber('whk', id);
  if (number === undefined) {
    throw noSuchWebhook();
  }
  return number;
}

/** The webhook, where it is this user's and not deleted. Throws NOT_FOUND. */
export function ownWebhook(webhook: WebhookRow | undefined, userId: number): WebhookRow {
  if (webhook?.user_id !== userId || webhook.status === 'deleted') {
    throw noSuchWebhook();
  }
  return webhook;
}
