import test from 'ava';
import { eventCells, eventWords } from '../../../cli/news/event-text.js';
import type { EventJson } from '../../../server/features/events/wire.js';

const request = {
  id: 'req_1',
  status: 'pending',
  requester: 'carol',
  payer: 'bob',
  amount: { amount: '1234.50', currency: 'EUR' },
  memo: 'dinner',
  reason: null,
};

const sentences: readonly (readonly [EventJson['type'], object, string, string?])[] = [
  [
    'payment.received',
    { from: 'alice', received: { amount: '12.70', currency: 'USD' }, memo: 'lunch' },
    'alice paid you 12.70 USD: lunch',
  ],
  [
    'payment.received',
    { from: null, received: { amount: '5.00', currency: 'GBP' }, memo: 'promised at the meeting' },
    'An administrator paid you 5.00 GBP: promised at the meeting',
  ],
  [
    'payment.debited',
    { to: null, sent: { amount: '5.00', currency: 'GBP' }, memo: 'paid in twice' },
    'An administrator took 5.00 GBP from your account: paid in twice',
  ],
  [
    'token.created',
    { id: 'tok_1', name: 'backup', address: '192.0.2.7' },
    'A token was made for you, backup, from 192.0.2.7',
    'pay tokens revoke tok_1',
  ],
  [
    'webhook.created',
    { id: 'whk_1', url: 'https://shop.example', address: '192.0.2.7' },
    'A webhook was made for you, to https://shop.example, from 192.0.2.7',
    'pay webhooks remove whk_1',
  ],
  ['password.changed', { address: '192.0.2.7' }, 'Your password was changed from 192.0.2.7'],
  ['password.reset', { reason: 'lost' }, 'An administrator reset your password: lost'],
  ['account.frozen', { reason: 'card stolen' }, 'Your account was frozen: card stolen'],
  ['account.unfrozen', { reason: 'card found' }, 'Your account is no longer frozen: card found'],
  [
    'refund.received',
    { from: 'bob', received: { amount: '5.00', currency: 'GBP' }, memo: null },
    'bob gave you back 5.00 GBP',
  ],
  ['request.received', request, 'carol asks you for 1,234.50 EUR: dinner', 'pay requests accept req_1'],
  ['request.reminded', request, 'carol reminds you of 1,234.50 EUR: dinner', 'pay requests accept req_1'],
  ...(['paid', 'declined', 'cancelled', 'expired'] as const).map(
    (status) =>
      ['request.received', { ...request, status }, 'carol asks you for 1,234.50 EUR: dinner'] as const,
  ),
  ['request.paid', request, 'bob paid the 1,234.50 EUR that you asked for: dinner'],
  ['request.declined', { ...request, reason: 'paid cash' }, 'bob declined to pay 1,234.50 EUR: paid cash'],
  ['request.cancelled', request, 'carol no longer asks you for 1,234.50 EUR: dinner'],
  ['request.expired', request, 'The request of carol to bob for 1,234.50 EUR expired: dinner'],
  [
    'session.opened',
    { address: '192.0.2.1' },
    'Somebody logged in as you from a new place, 192.0.2.1',
    'pay password',
  ],
];

for (const [type, data, text, next] of sentences) {
  test(`${type} is told in a sentence: ${text} (${JSON.stringify(data)})`, (t) => {
    const words = eventWords({ type, data: data as EventJson['data'] }, 'en-GB');
    t.is(words.text, text);
    t.is(words.next, next);
  });
}

test('an event of an unknown type, or without what it should hold, is told all the same', (t) => {
  const type = 'star.fallen' as EventJson['type'];
  t.is(eventWords({ type, data: {} }).text, 'star.fallen');
  t.is(eventWords({ type: 'toString' as EventJson['type'], data: {} }).text, 'toString');
  t.notThrows(() => eventWords({ type: 'payment.received', data: { received: 7, from: null } }));
});

test('a pipe gets id, time, type and sentence', (t) => {
  const event: EventJson = {
    id: 'evt_1',
    type: 'session.opened',
    at: '2026-11-22T18:00:00.000000Z',
    data: { address: '::1' },
  };
  t.deepEqual(eventCells(event), [
    'evt_1',
    '2026-11-22T18:00:00.000000Z',
    'session.opened',
    'Somebody logged in as you from a new place, ::1',
  ]);
});
