import type { DeliveryRow, WebhookRow } from '../../../db/tables/events.js';
import { publicId } from '../../ids.js';
import type { Book } from '../../ledger/book/book.js';
import { lookup } from '../../ledger/book/lookup.js';
import { stateOf } from '../../ledger/credential-state.js';
import { recordAct } from '../../ledger/record-act.js';
import { recordEvent } from '../../ledger/record-event.js';
import { type Circumstances, defineRule } from '../../ledger/rule.js';
import { recordedWebhook } from './recorded-webhook.js';
import { retryWaitMicros, retryWindowMicros } from './retry-wait.js';
import { webhookJson } from './wire.js';

export interface RecordAttempt {
  readonly deliveryId: number;
  /** The HTTP status of the answer; null where there was none. */
  readonly status: number | null;
  /** The reason why it was no success; null for a success. */
  readonly error: string | null;
  /** A number by chance, from 0 to 1, that draws the wait out. */
  readonly jitter: number;
}

type DeliveryState = Pick<DeliveryRow, 'status' | 'next_attempt_at' | 'retry_until'>;

const done = { next_attempt_at: null, retry_until: null } as const;

/** The state of a delivery after a failure: it is tried again for three days, the last time at their very end. */
function afterFailure(
  delivery: DeliveryRow,
  webhook: WebhookRow,
  now: number,
  jitter: number,
): DeliveryState {
  // It lies further ahead where the clock was ahead at the first failure.
  const retryUntil = Math.min(delivery.retry_until ?? Number.POSITIVE_INFINITY, now + retryWindowMicros);
  if (webhook.status !== 'active' || now >= retryUntil) {
    return { status: 'failed', ...done };
  }
  const next = now + retryWaitMicros(delivery.attempts + 1, jitter);
  return { status: 'pending', next_attempt_at: Math.min(next, retryUntil), retry_until: retryUntil };
}

/** Disables a webhook, which the server does by itself, and tells its owner. */
export function disable(
  book: Book,
  webhook: WebhookRow,
  { caller, moment }: Pick<Circumstances, 'caller' | 'moment'>,
  reason: string,
): void {
  const disabled = book.update('webhooks', webhook, { status: 'disabled' });
  recordAct(
    book,
    { caller, moment },
    {
      action: 'webhook.disabled',
      subject: publicId('whk', webhook.id),
      reason,
      before: recordedWebhook(webhook),
      credentials: stateOf('webhooks', disabled),
    },
  );
  recordEvent(book, moment, webhook.user_id, 'webhook.disabled', webhookJson(disabled));
}

export const recordAttempt = defineRule<RecordAttempt>('record-attempt', {
  needsTime: false,

  reads(book, { deliveryId }) {
    const delivery = book.peek('deliveries', { id: deliveryId });
    return [
      lookup('deliveries', { id: deliveryId }),
      ...(delivery ? [lookup('webhooks', { id: delivery.webhook_id })] : []),
    ];
  },

  decide(book, { deliveryId, status, error, jitter }, { caller, moment }) {
    const delivery = book.get('deliveries', { id: deliveryId });
    const webhook = book.get('webhooks', { id: delivery.webhook_id });
    const attempts = delivery.attempts + 1;
    // An attempt by a server that led before can end after the one that led next has delivered: to send it again would be wrong.
    if (error !== null && delivery.status === 'delivered') {
      book.update('deliveries', delivery, { attempts });
      return { status: 200, body: { status: delivery.status } };
    }
    const state: DeliveryState =
      error === null ? { status: 'delivered', ...done } : afterFailure(delivery, webhook, moment.now, jitter);
    book.update('deliveries', delivery, {
      ...state,
      attempts,
      last_attempt_at: moment.now,
      last_status: status,
      last_error: error,
    });
    if (state.status === 'failed' && webhook.status === 'active') {
      disable(book, webhook, { caller, moment }, 'a delivery was tried in vain for three days');
    }
    return { status: 200, body: { status: state.status } };
  },
});
