import test from 'ava';
import { timeText } from '../../../server/clock.js';
import { unlimitedMinor } from '../../../server/features/limits/limits.js';
import { bodyOf, codeOf } from '../../ledger/support/outcomes.js';
import type { Act } from '../requests/support/act.js';
import { isRefused } from '../requests/support/refused.js';
import { day, dollars, makeWorld, pendingRequest, pounds } from '../requests/support/world.js';

const pay = (minor: number) =>
  ({ is: 'pay', by: 'alice', to: 'bob', money: pounds(minor) }) as const satisfies Act;

const gbp = (amount: string) => ({ amount, currency: 'GBP' });

test('a payment may be as large as the limit and no larger, and the refusal says so', (t) => {
  const world = makeWorld();
  world.setLimit('GBP', { perPayment: 1_000 });
  const refusal = isRefused(t, world, pay(1_001), 'LIMIT_EXCEEDED');
  t.is(refusal.status, 409);
  const { which, limit, remaining, resetsAt, detail } = bodyOf(refusal);
  t.deepEqual(
    { which, limit, remaining, resetsAt },
    {
      ...{ which: 'per_payment', limit: gbp('10.00'), remaining: gbp('10.00'), resetsAt: null },
    },
  );
  t.is(detail, 'You may pay 10.00 GBP at once; this is 10.01 GBP. Pay less, or ask an administrator.');
  t.is(world.do(pay(1_000)).status, 201);
});

test('a day may hold as much as the limit and no more, and the refusal says what is left and until when', (t) => {
  const world = makeWorld();
  world.setLimit('GBP', { perDay: 1_000 });
  world.do(pay(300));
  const firstAt = world.clock.service;
  world.clock.machine += 3_600_000_000;
  world.do(pay(200));
  const { which, limit, remaining, resetsAt, detail } = bodyOf(
    isRefused(t, world, pay(501), 'LIMIT_EXCEEDED'),
  );
  t.deepEqual(
    { which, limit, remaining, resetsAt },
    { which: 'per_day', limit: gbp('10.00'), remaining: gbp('5.00'), resetsAt: timeText(firstAt + day) },
  );
  t.regex(detail, /within 24 hours, of which 5\.00 GBP is left; this is 5\.01 GBP\./);
  t.is(world.do(pay(500)).status, 201);
  isRefused(t, world, pay(1), 'LIMIT_EXCEEDED');
});

test('what was paid exactly 24 hours ago no longer counts, a microsecond less does', (t) => {
  const world = makeWorld();
  world.setLimit('GBP', { perDay: 1_000 });
  world.do(pay(1_000));
  const paidAt = world.clock.service;
  world.clock.machine = paidAt + day - 2;
  isRefused(t, world, pay(1), 'LIMIT_EXCEEDED');
  t.is(world.clock.service, paidAt + day - 1);
  t.is(world.do(pay(1)).status, 201);
  t.is(world.clock.service, paidAt + day);
});

test('the time is the timestamp service’s, not the machine’s', (t) => {
  const world = makeWorld();
  world.setLimit('GBP', { perDay: 1_000 });
  world.do(pay(1_000));
  const paidAt = world.clock.service;
  world.clock.ahead = day;
  t.is(world.do(pay(1_000)).status, 201);
  t.true(world.clock.machine < paidAt + day);
});

test('before anything was paid there is nothing to wait for', (t) => {
  const world = makeWorld();
  world.setLimit('GBP', { perDay: 1_000 });
  const { remaining, resetsAt, detail } = bodyOf(isRefused(t, world, pay(1_001), 'LIMIT_EXCEEDED'));
  t.deepEqual([remaining, resetsAt], [gbp('10.00'), null]);
  t.regex(detail, /Pay less, or ask an administrator\.$/);
});

test('what a request costs its payer counts like a payment, and a refused one stays pending', (t) => {
  const world = makeWorld();
  const request = pendingRequest(world, { from: 'alice', by: 'bob', money: pounds(600) });
  world.setLimit('GBP', { perPayment: 599 });
  const accept = { is: 'accept', by: 'alice', request } as const;
  isRefused(t, world, accept, 'LIMIT_EXCEEDED');
  t.is(world.requestOf(request).status, 'pending');
  world.setLimit('GBP', { perDay: 1_000 });
  world.do(pay(401));
  isRefused(t, world, accept, 'LIMIT_EXCEEDED');
  t.is(world.requestOf(request).status, 'pending');
  world.setLimit('GBP', { perDay: 1_001 });
  t.is(world.do(accept).status, 200);
  isRefused(t, world, pay(1), 'LIMIT_EXCEEDED');
});

test('what counts is what the payer is debited, in the payer’s currency', (t) => {
  const world = makeWorld();
  world.setLimit('GBP', { perDay: 1_000 });
  world.setLimit('USD', { perDay: 1 });
  const toCarol = { ...pay(0), to: 'carol' } as const;
  isRefused(t, world, { ...toCarol, money: dollars(1_271) }, 'LIMIT_EXCEEDED');
  t.is(world.do({ ...toCarol, money: dollars(1_270) }).status, 201);
  isRefused(t, world, pay(1), 'LIMIT_EXCEEDED');
});

test('what is received, given back or given in other currencies does not count', (t) => {
  const world = makeWorld();
  world.setLimit('GBP', { perPayment: 500, perDay: 500 });
  const received = bodyOf(world.do({ is: 'pay', by: 'carol', to: 'alice', money: pounds(2_000) })).id;
  t.is(world.do({ is: 'refund', by: 'alice', payment: received, amount: '20.00' }).status, 201);
  t.is(world.do(pay(500)).status, 201);
});

test('what comes back as a refund makes no room', (t) => {
  const world = makeWorld();
  world.setLimit('GBP', { perDay: 500 });
  const { id } = bodyOf(world.do(pay(500)));
  t.is(world.do({ is: 'refund', by: 'bob', payment: id }).status, 201);
  isRefused(t, world, pay(1), 'LIMIT_EXCEEDED');
});

test('each limit of a user’s own takes the place of that of the currency, the other stays', (t) => {
  const world = makeWorld();
  world.setLimit('GBP', { perPayment: 100, perDay: 250 });
  world.setLimit('alice', { perPayment: 200 });
  t.is(world.do(pay(200)).status, 201);
  isRefused(t, world, pay(201), 'LIMIT_EXCEEDED');
  t.is(bodyOf(isRefused(t, world, pay(51), 'LIMIT_EXCEEDED')).which, 'per_day');
  isRefused(t, world, { is: 'pay', by: 'bob', to: 'alice', money: pounds(101) }, 'LIMIT_EXCEEDED');
  world.setLimit('alice', { perPayment: unlimitedMinor, perDay: unlimitedMinor });
  t.is(world.do(pay(50_000)).status, 201);
  world.setLimit('alice', {});
  t.is(bodyOf(isRefused(t, world, pay(101), 'LIMIT_EXCEEDED')).which, 'per_payment');
});

test('limits of a currency hold for those who hold it and nobody else', (t) => {
  const world = makeWorld();
  world.setLimit('USD', { perPayment: 1 });
  t.is(world.do({ ...pay(50_000), to: 'carol' }).status, 201);
  isRefused(t, world, { is: 'pay', by: 'carol', to: 'bob', money: dollars(2) }, 'LIMIT_EXCEEDED');
});

test('a dry run is judged by the same limits and uses nothing up', (t) => {
  const world = makeWorld();
  world.setLimit('GBP', { perDay: 1_000 });
  isRefused(t, world, pay(1_001), 'LIMIT_EXCEEDED', { isDryRun: true });
  for (const _ of [1, 2, 3]) {
    t.is(world.do(pay(1_000), { isDryRun: true }).status, 200);
  }
  t.is(world.do(pay(1_000)).status, 201);
});

test('of what is asked for in one batch, as much passes as fits', (t) => {
  const world = makeWorld();
  world.setLimit('GBP', { perDay: 1_000 });
  world.do(pay(100));
  const outcomes = world.doTogether([pay(500), pay(401), pay(300), pay(101), pay(100)]);
  t.deepEqual(outcomes.map(codeOf), [undefined, 'LIMIT_EXCEEDED', undefined, 'LIMIT_EXCEEDED', undefined]);
  t.is(world.balances().alice, 99_000);
});

test('the day begins to grow again with the first of what was paid, by whichever kind it was', (t) => {
  const accept = (world: ReturnType<typeof makeWorld>) =>
    world.do({ is: 'accept', by: 'alice', request: pendingRequest(world, { by: 'bob', from: 'alice' }) });
  for (const isPaidFirst of [true, false]) {
    const world = makeWorld();
    world.setLimit('GBP', { perDay: 2_000 });
    const acts = [() => world.do(pay(1_000)), () => accept(world)];
    for (const act of isPaidFirst ? acts : acts.toReversed()) {
      t.is(act().code, null);
      world.clock.machine += day / 24;
    }
    const firstAt = world.tables.payments.find(({ kind }) => kind !== 'opening_credit')?.created_at ?? 0;
    const { remaining, resetsAt } = bodyOf(isRefused(t, world, pay(1), 'LIMIT_EXCEEDED'));
    t.deepEqual([remaining, resetsAt], [gbp('0.00'), timeText(firstAt + day)]);
  }
});
