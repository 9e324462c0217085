import type { WebhookRow } from '../../../db/tables/events.js';
import { publicId } from '../../ids.js';
import type { Book } from '../../ledger/book/book.js';
import { type Lookup, lookup } from '../../ledger/book/lookup.js';
import { type CredentialStates, statesOf } from '../../ledger/credential-state.js';
import { recordEvent } from '../../ledger/record-event.js';
import type { Moment } from '../../ledger/rule.js';

/** How many active webhooks one user may have. */
export const mostWebhooks = 10;

export const activeWebhooks = (userId: number): Lookup =>
  lookup('webhooks', { user_id: userId, status: 'active' }, mostWebhooks);

/**
 * Disables the user's webhooks that were made with what has ended, and tells the user so: the right to be told of everything
 * lasts no longer than the session or token that it was given by. Gives what they are then.
 */
export function endWebhooks(
  book: Book,
  moment: Moment,
  userId: number,
  isEnded: (webhook: WebhookRow) => boolean,
): CredentialStates {
  const ended = book.all('webhooks', activeWebhooks(userId)).filter(isEnded);
  const disabled = ended.map((webhook) => book.update('webhooks', webhook, { status: 'disabled' }));
  for (const webhook of disabled) {
    recordEvent(book, moment, userId, 'webhook.disabled', {
      id: publicId('whk', webhook.id),
      url: webhook.url,
      reason: 'the session or token that it was made with has ended',
    });
  }
  return statesOf('webhooks', disabled);
}
