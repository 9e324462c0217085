import test from 'ava';
import { timeText } from '../../../server/clock.js';
import { auditBooks } from '../../ledger/support/audit.js';
import { bodyOf, codeOf } from '../../ledger/support/outcomes.js';
import type { Act } from './support/act.js';
import { isRefused } from './support/refused.js';
import { dollars, makeWorld, pendingRequest, pounds, type World } from './support/world.js';

const accept = (request: string) => ({ is: 'accept', by: 'bob', request }) as const satisfies Act;

test('accepting pays what was asked for, closes the request, and tells the requester only', (t) => {
  const world = makeWorld();
  const request = pendingRequest(world, { memo: 'dinner' });
  const told = world.toldTo('bob').length;
  const outcome = world.do(accept(request));
  t.is(outcome.status, 200);
  const body = bodyOf(outcome);
  const now = timeText(world.clock.service);
  t.like(body.request, { id: request, status: 'paid', paymentId: body.payment.id, closedAt: now });
  t.like(body.payment, {
    ...{ kind: 'request', direction: 'sent', from: 'bob', to: 'alice', memo: 'dinner' },
    ...{ requestId: request, refundOf: null, refunded: null, createdAt: now },
    sent: { amount: '10.00', currency: 'GBP' },
    balanceAfter: { amount: '990.00', currency: 'GBP' },
  });
  t.like(world.balances(), { alice: 101_000, bob: 99_000 });
  t.deepEqual(world.toldTo('alice'), [['request.paid', body.request]]);
  t.is(world.toldTo('bob').length, told);
  t.deepEqual(auditBooks(world.tables), []);
});

const acrossCurrencies = [
  { money: pounds(1_000), sent: 1_270, received: 1_000, of: 'the requester' },
  { money: dollars(1_000), sent: 1_000, received: 787, of: 'the payer' },
];

for (const { money, sent, received, of } of acrossCurrencies) {
  test(`a request in the currency of ${of} moves that amount in it`, (t) => {
    const world = makeWorld();
    const request = pendingRequest(world, { from: 'carol', money });
    const { payment } = bodyOf(world.do({ ...accept(request), by: 'carol' }));
    t.deepEqual([payment.sent.currency, payment.received.currency], ['USD', 'GBP']);
    t.like(world.balances(), { alice: 100_000 + received, carol: 127_000 - sent });
    t.deepEqual(auditBooks(world.tables), []);
  });
}

test('what it costs is held by maxDebit, in the currency of the payer', (t) => {
  const world = makeWorld();
  const request = pendingRequest(world, { from: 'carol', money: pounds(1_000) });
  const act = { ...accept(request), by: 'carol' } as const;
  const refusal = isRefused(t, world, { ...act, maxDebit: 1_269 }, 'RATE_CHANGED');
  t.like(bodyOf(refusal), {
    sent: { amount: '12.70', currency: 'USD' },
    received: { amount: '10.00', currency: 'GBP' },
  });
  t.is(world.do({ ...act, maxDebit: 1_270 }).status, 200);
});

test('the memo is that of the request, or another that the payer gives, or none', (t) => {
  for (const [given, kept] of [
    [undefined, 'dinner'],
    ['wine', 'wine'],
    [null, null],
  ] as const) {
    const world = makeWorld();
    const request = pendingRequest(world, { memo: 'dinner' });
    const { payment, request: closed } = bodyOf(
      world.do({ ...accept(request), ...(given !== undefined && { memo: given }) }),
    );
    t.deepEqual([payment.memo, closed.memo], [kept, 'dinner']);
  }
});

test('an acceptance without funds leaves the request pending, to be accepted with funds', (t) => {
  const world = makeWorld();
  const request = pendingRequest(world, { money: pounds(100_001) });
  const refusal = isRefused(t, world, accept(request), 'INSUFFICIENT_FUNDS');
  t.like(bodyOf(refusal), {
    available: { amount: '1000.00', currency: 'GBP' },
    required: { amount: '1000.01', currency: 'GBP' },
  });
  t.is(world.requestOf(request).status, 'pending');
  world.do({ is: 'pay', by: 'alice', to: 'bob', money: pounds(1) });
  t.is(world.do(accept(request)).status, 200);
  t.is(world.balances().bob, 0);
});

test('a frozen payer cannot accept', (t) => {
  const world = makeWorld();
  const request = pendingRequest(world);
  world.setStatus('bob', 'frozen');
  isRefused(t, world, accept(request), 'ACCOUNT_FROZEN');
  world.setStatus('bob', 'active');
  t.is(world.do(accept(request)).status, 200);
});

test('a frozen requester can receive what was asked for', (t) => {
  const world = makeWorld();
  const request = pendingRequest(world);
  world.setStatus('alice', 'frozen');
  t.is(world.do(accept(request)).status, 200);
});

test('a payer whom the requester blocks cannot pay the request, and is not told that it is a block', (t) => {
  const world = makeWorld();
  const request = pendingRequest(world);
  world.do({ is: 'block', by: 'alice', whom: 'bob' });
  t.notRegex(isRefused(t, world, accept(request), 'RECIPIENT_UNAVAILABLE').json, /block/i);
  t.is(world.requestOf(request).status, 'pending');
});

test('a payer who blocks the requester cannot pay either, until they deal with each other again', (t) => {
  const world = makeWorld();
  const request = pendingRequest(world);
  world.do({ is: 'block', by: 'bob', whom: 'alice' });
  t.is(bodyOf(isRefused(t, world, accept(request), 'RECIPIENT_UNAVAILABLE')).see, 'listBlocks');
  world.do({ is: 'unblock', by: 'bob', whom: 'alice' });
  t.is(world.do(accept(request)).status, 200);
});

test('only the payer can accept, and to others there is no such request', (t) => {
  const world = makeWorld();
  const request = pendingRequest(world);
  isRefused(t, world, { ...accept(request), by: 'alice' }, 'NOT_YOUR_REQUEST');
  const stranger = isRefused(t, world, { ...accept(request), by: 'carol' }, 'NOT_FOUND');
  const nothing = isRefused(t, world, { ...accept('req_none'), by: 'carol' }, 'NOT_FOUND');
  t.is(stranger.json, nothing.json);
});

test('one key accepts once, and says so again after the request is closed', (t) => {
  const world = makeWorld();
  const request = pendingRequest(world);
  const first = world.do({ ...accept(request), key: 'k' });
  const replay = world.do({ ...accept(request), key: 'k' });
  t.deepEqual([replay.isReplay, replay.json], [true, first.json]);
  t.is(world.balances().bob, 99_000);
});

function howMany(world: World, acts: readonly Act[]) {
  const outcomes = world.doTogether(acts);
  return {
    won: outcomes.filter(({ status }) => status === 200).length,
    closed: outcomes.filter((outcome) => codeOf(outcome) === 'REQUEST_CLOSED').length,
  };
}

for (const other of ['accept', 'decline', 'cancel'] as const) {
  test(`of acceptances and acts of the kind ${other} in one batch one wins, whichever is first`, (t) => {
    for (const first of [0, 1]) {
      const world = makeWorld();
      const request = pendingRequest(world);
      const counter = { is: other, by: other === 'cancel' ? 'alice' : 'bob', request } as const;
      const acts = Array.from({ length: 50 }, (_, place) =>
        place % 2 === first ? accept(request) : counter,
      );
      t.deepEqual(howMany(world, acts), { won: 1, closed: 49 });
      const isPaid = acts[0]?.is === 'accept';
      t.is(world.requestOf(request).status === 'paid', isPaid);
      t.is(world.balances().bob, isPaid ? 99_000 : 100_000);
      t.is(world.tables.events.length, 2);
      t.deepEqual(auditBooks(world.tables), []);
    }
  });
}
