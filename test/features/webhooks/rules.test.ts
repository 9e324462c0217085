import test from 'ava';
import fc from 'fast-check';
import type { WebhookRow } from '../../../db/tables/events.js';
import { createWebhook } from '../../../server/features/webhooks/create-webhook.js';
import { deleteWebhook } from '../../../server/features/webhooks/delete-webhook.js';
import { recordAttempt } from '../../../server/features/webhooks/record-attempt.js';
import { resendDelivery } from '../../../server/features/webhooks/resend-delivery.js';
import { retryWaitMicros, retryWindowMicros } from '../../../server/features/webhooks/retry-wait.js';
import { scheduleDeliveries } from '../../../server/features/webhooks/schedule-deliveries.js';
import { deliveryJson } from '../../../server/features/webhooks/wire.js';
import { alice as aliceRow, token } from '../../db/support/rows.js';
import { decidePurely } from './support/decide-purely.js';
import { delivery, event, webhook } from './support/rows.js';

const now = 1_795_456_800_000_000;
const alice = webhook.user_id;
const owner = { ...aliceRow, id: alice };

const types = ['payment.received'] as const;
const creation = { userId: alice, url: webhook.url, types, secret: 'whsec_2' };

test('a webhook begins after every event that there is, and before every later one', (t) => {
  const { answer, inserted } = decidePurely(
    createWebhook,
    { users: [owner], events: [{ ...event, id: 41 }] },
    creation,
    now,
  );
  const [made] = inserted.webhooks ?? [];
  t.is(answer.status, 201);
  t.is(made?.secret, 'whsec_2');
  t.is(made?.event_cursor, inserted.events?.[0]?.id);
  t.like(inserted.events, { length: 1, 0: { id: 42, type: 'webhook.created' } });
  t.false(JSON.stringify(answer.body).includes('whsec_2'), 'the ledger does not answer with secrets');
});

test('a frozen account makes no webhook', (t) => {
  const frozen = { users: [{ ...owner, status: 'frozen' as const }] };
  t.throws(() => decidePurely(createWebhook, frozen, creation, now), { code: 'ACCOUNT_FROZEN' });
});

test('a user has ten active webhooks at most; those that are not active, and of others, do not count', (t) => {
  let made = 0;
  const many = (count: number, rest: Partial<WebhookRow>) =>
    Array.from({ length: count }, () => {
      made += 1;
      return { ...webhook, id: made, ...rest };
    });
  const uncounted = [
    ...many(20, { status: 'disabled' }),
    ...many(20, { status: 'deleted' }),
    ...many(20, { user_id: 2 }),
  ];
  const nine = { users: [owner], webhooks: [...uncounted, ...many(9, {})] };
  t.is(decidePurely(createWebhook, nine, creation, now).answer.status, 201);
  const ten = { users: [owner], webhooks: [...uncounted, ...many(10, {})] };
  t.throws(() => decidePurely(createWebhook, ten, creation, now), {
    code: 'LIMIT_EXCEEDED',
    message: /10 active webhooks/,
  });
});

test('a deleted webhook forgets its secret and cannot be deleted again', (t) => {
  const input = { userId: alice, webhookId: webhook.id };
  const { answer, updated } = decidePurely(deleteWebhook, { webhooks: [webhook] }, input, now);
  t.is(answer.status, 204);
  t.deepEqual(updated.webhooks, [{ ...webhook, status: 'deleted', secret: '' }]);
  t.throws(() => decidePurely(deleteWebhook, updated, input, now), { code: 'NOT_FOUND' });
});

test("somebody else's webhook is not found by any act", (t) => {
  const tables = { webhooks: [webhook], deliveries: [delivery], events: [event] };
  const input = { userId: 2, webhookId: webhook.id, deliveryId: delivery.id };
  t.throws(() => decidePurely(deleteWebhook, tables, input, now), { code: 'NOT_FOUND' });
  t.throws(() => decidePurely(resendDelivery, tables, input, now), { code: 'NOT_FOUND' });
});

test('deliveries are made once, however often and by whomever the same events are read', (t) => {
  const input = {
    webhooks: [{ webhookId: webhook.id, after: webhook.event_cursor, upTo: 9, eventIds: [1, 9] }],
  };
  const first = decidePurely(scheduleDeliveries, { webhooks: [webhook] }, input, now);
  t.deepEqual(first.answer.body, { scheduled: 2 });
  t.deepEqual(
    first.inserted.deliveries?.map(({ event_id, status, next_attempt_at }) => [
      event_id,
      status,
      next_attempt_at,
    ]),
    [
      [1, 'pending', now],
      [9, 'pending', now],
    ],
  );
  t.is(first.updated.webhooks?.[0]?.event_cursor, 9);
  const again = decidePurely(scheduleDeliveries, { webhooks: first.updated.webhooks ?? [] }, input, now);
  t.deepEqual(again.answer.body, { scheduled: 0 });
  t.deepEqual([again.inserted, again.updated], [{}, {}]);
});

test('no deliveries are made for a webhook that was disabled or deleted meanwhile', (t) => {
  const input = {
    webhooks: [{ webhookId: webhook.id, after: webhook.event_cursor, upTo: 1, eventIds: [1] }],
  };
  for (const status of ['disabled', 'deleted'] as const) {
    const { inserted } = decidePurely(scheduleDeliveries, { webhooks: [{ ...webhook, status }] }, input, now);
    t.deepEqual(inserted, {});
  }
});

test('a webhook ends with the token that it was made with, before anything that came later is sent', (t) => {
  const input = {
    webhooks: [{ webhookId: webhook.id, after: webhook.event_cursor, upTo: 1, eventIds: [1] }],
  };
  const made = { ...webhook, token_id: token.id };
  const live = { ...token, expires_at: now + 1 };
  const told = decidePurely(scheduleDeliveries, { webhooks: [made], tokens: [live] }, input, now);
  t.deepEqual(told.answer.body, { scheduled: 1 });
  const ended = decidePurely(scheduleDeliveries, { webhooks: [made], tokens: [live] }, input, now + 1);
  t.is(ended.inserted.deliveries, undefined);
  t.is(ended.updated.webhooks?.[0]?.status, 'disabled');
  t.is(ended.inserted.events?.[0]?.type, 'webhook.disabled');
});

const success = { deliveryId: delivery.id, status: 204, error: null, jitter: 0.5 };
const failure = { deliveryId: delivery.id, status: 500, error: 'answered with status 500', jitter: 0.5 };
const pending = { webhooks: [webhook], deliveries: [delivery] };

test('a success ends a delivery', (t) => {
  const { updated, inserted } = decidePurely(recordAttempt, pending, success, now);
  t.deepEqual(updated, {
    deliveries: [
      {
        ...delivery,
        status: 'delivered',
        attempts: 1,
        next_attempt_at: null,
        last_attempt_at: now,
        last_status: 204,
      },
    ],
  });
  t.deepEqual(inserted, { deliveries: [] });
});

test('a failure that comes after the success of another attempt is counted, and the delivery stays delivered', (t) => {
  const { deliveries = [] } = decidePurely(recordAttempt, pending, success, now).updated;
  const tables = { webhooks: [webhook], deliveries };
  const { answer, updated, inserted } = decidePurely(recordAttempt, tables, failure, now + 1);
  t.deepEqual(answer, { status: 200, body: { status: 'delivered' } });
  t.is(deliveries.length, 1);
  t.deepEqual(updated, { deliveries: deliveries.map((delivered) => ({ ...delivered, attempts: 2 })) });
  t.deepEqual(inserted, { deliveries: [] });
});

test('a first failure begins the three days and is tried again after the first wait', (t) => {
  const { updated } = decidePurely(recordAttempt, pending, failure, now);
  t.deepEqual(updated.deliveries, [
    {
      ...delivery,
      attempts: 1,
      next_attempt_at: now + retryWaitMicros(1, 0.5),
      retry_until: now + retryWindowMicros,
      last_attempt_at: now,
      last_status: 500,
      last_error: 'answered with status 500',
    },
  ]);
});

test('a delivery that first failed while the clock was ahead has three days from now', (t) => {
  const ahead = now + 365 * 86_400_000_000;
  const later = decidePurely(recordAttempt, pending, failure, ahead).updated.deliveries ?? [];
  const { updated } = decidePurely(recordAttempt, { ...pending, deliveries: later }, failure, now);
  t.is(updated.deliveries?.[0]?.retry_until, now + retryWindowMicros);
});

test('an endpoint that never answers is tried until three days are over, then disabled once, and its owner told', (t) => {
  t.notThrows(() =>
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1 }), (jitters) => {
        let current = delivery;
        let at = now;
        for (let attempt = 1; attempt < 100; attempt += 1) {
          const jitter = jitters[attempt % jitters.length] ?? 0;
          const tables = { webhooks: [webhook], deliveries: [current] };
          const { updated, inserted } = decidePurely(recordAttempt, tables, { ...failure, jitter }, at);
          current = updated.deliveries?.[0] ?? current;
          if (current.status === 'failed') {
            const told = inserted.events?.map(({ type, user_id }) => [type, user_id]);
            return (
              at === now + retryWindowMicros &&
              updated.webhooks?.[0]?.status === 'disabled' &&
              JSON.stringify(told) === JSON.stringify([['webhook.disabled', alice]])
            );
          }
          if (updated.webhooks || inserted.events || (current.next_attempt_at ?? 0) <= at) {
            return false;
          }
          at = current.next_attempt_at ?? at;
        }
        return false;
      }),
      { numRuns: 200 },
    ),
  );
});

test('a failure of a webhook that is not active any more is final and tells nobody', (t) => {
  for (const status of ['disabled', 'deleted'] as const) {
    const tables = { webhooks: [{ ...webhook, status }], deliveries: [delivery] };
    const { updated, inserted } = decidePurely(recordAttempt, tables, failure, now);
    t.is(updated.deliveries?.[0]?.status, 'failed');
    t.deepEqual([updated.webhooks, inserted.events], [undefined, undefined]);
  }
});

test('a delivery that is asked for again begins anew, whatever came of it', (t) => {
  const input = { userId: alice, webhookId: webhook.id, deliveryId: delivery.id };
  for (const status of ['pending', 'delivered', 'failed'] as const) {
    const old = { ...delivery, status, attempts: 17, retry_until: 5, last_status: 503 };
    const tables = { webhooks: [webhook], deliveries: [old], events: [event] };
    const { answer, updated } = decidePurely(resendDelivery, tables, input, now);
    t.is(answer.status, 200);
    t.deepEqual(updated.deliveries, [
      { ...old, status: 'pending', attempts: 0, next_attempt_at: now, retry_until: null },
    ]);
  }
});

test('nothing is sent again to a disabled webhook, nor what belongs to another one', (t) => {
  const tables = {
    webhooks: [webhook, { ...webhook, id: 2 }],
    deliveries: [delivery],
    events: [event],
  };
  const input = { userId: alice, webhookId: webhook.id, deliveryId: delivery.id };
  t.throws(() => decidePurely(resendDelivery, tables, { ...input, webhookId: 2 }, now), {
    code: 'NOT_FOUND',
  });
  t.throws(() => decidePurely(resendDelivery, tables, { ...input, deliveryId: 2 }, now), {
    code: 'NOT_FOUND',
  });
  const disabled = { ...tables, webhooks: [{ ...webhook, status: 'disabled' as const }] };
  t.throws(() => decidePurely(resendDelivery, disabled, input, now), { code: 'WEBHOOK_DISABLED' });
});

test('what was still pending when its webhook was disabled is shown as failed', (t) => {
  const shown = deliveryJson(delivery, event.type, 'disabled');
  t.is(shown.status, 'failed');
  t.is(shown.nextAttemptAt, null);
  t.is(shown.lastError, 'the webhook was disabled');
  t.is(deliveryJson(delivery, event.type, 'active').status, 'pending');
  t.is(deliveryJson({ ...delivery, status: 'delivered' }, event.type, 'disabled').status, 'delivered');
});
