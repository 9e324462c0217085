import test from 'ava';
import { publicId } from '../../../server/ids.js';
import { auditBooks } from '../../ledger/support/audit.js';
import { bodyOf, codeOf } from '../../ledger/support/outcomes.js';
import type { Act } from '../requests/support/act.js';
import { isRefused } from '../requests/support/refused.js';
import { makeWorld, pendingRequest, pounds, type World } from '../requests/support/world.js';

/** Bob in pounds is paid 10.00 by alice in pounds, or as said. */
function paid(world: World, given: Partial<Extract<Act, { is: 'pay' }>> = {}): string {
  const act = { is: 'pay', by: 'alice', to: 'bob', money: pounds(1_000), ...given } as const;
  return bodyOf(world.do(act)).id;
}

const refund = (payment: string, amount?: string) =>
  ({ is: 'refund', by: 'bob', payment, ...(amount !== undefined && { amount }) }) as const satisfies Act;

test('a refund gives back what was sent, names the payment, and is told to its payer only', (t) => {
  const world = makeWorld();
  const before = world.balances();
  const payment = paid(world);
  const toldBob = world.toldTo('bob').length;
  const outcome = world.do({ ...refund(payment), reason: 'too much' });
  const body = bodyOf(outcome);
  t.deepEqual([outcome.status, outcome.location], [201, `/v1/payments/${body.id}`]);
  t.like(body, {
    ...{ kind: 'refund', direction: 'sent', from: 'bob', to: 'alice', memo: 'too much' },
    ...{ refundOf: payment, requestId: null, refunded: null, rate: '1' },
    sent: { amount: '10.00', currency: 'GBP' },
    received: { amount: '10.00', currency: 'GBP' },
    balanceAfter: { amount: '1000.00', currency: 'GBP' },
  });
  t.deepEqual(world.balances(), before);
  t.is(world.toldTo('bob').length, toldBob);
  const balanceAfter = { amount: '1000.00', currency: 'GBP' };
  t.deepEqual(world.toldTo('alice'), [['refund.received', { ...body, direction: 'received', balanceAfter }]]);
  t.deepEqual(auditBooks(world.tables), []);
});

test('parts are given back until nothing is left, and not a minor unit more', (t) => {
  const world = makeWorld();
  const payment = paid(world);
  for (const amount of ['0.01', '3.33', '6.65']) {
    t.is(world.do(refund(payment, amount)).status, 201);
  }
  const tooMuch = isRefused(t, world, refund(payment, '0.02'), 'REFUND_TOO_LARGE');
  t.like(bodyOf(tooMuch), {
    refundable: { amount: '0.01', currency: 'GBP' },
    refunded: { amount: '9.99', currency: 'GBP' },
  });
  t.is(bodyOf(world.do(refund(payment))).sent.amount, '0.01');
  isRefused(t, world, refund(payment), 'REFUND_TOO_LARGE');
  isRefused(t, world, refund(payment, '0.01'), 'REFUND_TOO_LARGE');
});

test('across currencies the amount is in what was sent, at the rate of the payment', (t) => {
  const world = makeWorld();
  // 10.00 dollars gave 7.87 pounds; a third is 2.6233… pounds.
  const payment = paid(world, { by: 'carol', money: { minor: 1_000, currency: 'USD' } });
  const first = bodyOf(world.do(refund(payment, '3.34')));
  t.deepEqual(first.sent, { amount: '2.63', currency: 'GBP' });
  t.deepEqual(first.received, { amount: '3.34', currency: 'USD' });
  t.is(first.rate, '1.27');
  const told = world.toldTo('bob').map(([, data]) => data as { readonly ratesAsOf: string | null });
  t.is(first.ratesAsOf, told[0]?.ratesAsOf);
  t.truthy(first.ratesAsOf);
  t.is(bodyOf(world.do(refund(payment, '3.33'))).sent.amount, '2.63');
  t.is(bodyOf(world.do(refund(payment))).sent.amount, '2.61');
  t.like(world.balances(), { bob: 100_000, carol: 127_000 });
  t.deepEqual(auditBooks(world.tables), []);
});

test('the part that takes the last of what was received gives back all that is left of what was sent', (t) => {
  const world = makeWorld();
  // Ten yen gave five pence; each yen that goes back takes a penny.
  const payment = paid(world, { by: 'yuki', money: { minor: 10, currency: 'JPY' } });
  for (const given of ['1', '1', '1', '1', '6']) {
    const { sent, received } = bodyOf(world.do(refund(payment, '1')));
    t.deepEqual([sent.amount, received.amount], ['0.01', given]);
  }
  isRefused(t, world, refund(payment, '1'), 'REFUND_TOO_LARGE');
  isRefused(t, world, refund(payment), 'REFUND_TOO_LARGE');
  t.like(world.balances(), { bob: 100_000, yuki: 190_350 });
  t.deepEqual(auditBooks(world.tables), []);
});

test('one of three yen that arrived as a penny brings all three back, and a dry run says so', (t) => {
  const world = makeWorld();
  const payment = paid(world, { by: 'yuki', money: { minor: 3, currency: 'JPY' } });
  for (const rest of [{ isDryRun: true }, {}]) {
    t.like(bodyOf(world.do(refund(payment, '1'), rest)), {
      sent: { amount: '0.01', currency: 'GBP' },
      received: { amount: '3', currency: 'JPY' },
    });
  }
  t.like(world.balances(), { bob: 100_000, yuki: 190_350 });
});

test('what was paid for a request can be given back', (t) => {
  const world = makeWorld();
  const request = pendingRequest(world);
  const { payment } = bodyOf(world.do({ is: 'accept', by: 'bob', request }));
  t.is(world.do({ ...refund(payment.id), by: 'alice' }).status, 201);
  t.is(world.requestOf(request).status, 'paid');
  t.like(world.balances(), { alice: 100_000, bob: 100_000 });
});

test('only who received a payment gives it back, and to strangers there is none', (t) => {
  const world = makeWorld();
  const payment = paid(world);
  isRefused(t, world, { ...refund(payment), by: 'alice' }, 'NOT_REFUNDABLE');
  const stranger = isRefused(t, world, { ...refund(payment), by: 'carol' }, 'NOT_FOUND');
  t.is(stranger.json, isRefused(t, world, { ...refund('pay_none'), by: 'carol' }, 'NOT_FOUND').json);
});

test('a refund is not itself refundable, nor is an opening credit', (t) => {
  const world = makeWorld();
  const { id } = bodyOf(world.do(refund(paid(world))));
  isRefused(t, world, { ...refund(id), by: 'alice' }, 'NOT_REFUNDABLE');
  isRefused(t, world, refund(id), 'NOT_REFUNDABLE');
  const opening = world.tables.payments.find(({ to_user_id }) => to_user_id === world.idOf('bob'));
  t.is(opening?.kind, 'opening_credit');
  isRefused(t, world, refund(publicId('pay', opening?.id ?? 0)), 'NOT_REFUNDABLE');
});

test('a refund needs the funds', (t) => {
  const world = makeWorld();
  const payment = paid(world);
  world.do({ is: 'pay', by: 'bob', to: 'carol', money: pounds(100_500) });
  const refusal = isRefused(t, world, refund(payment), 'INSUFFICIENT_FUNDS');
  t.like(bodyOf(refusal), {
    available: { amount: '5.00', currency: 'GBP' },
    required: { amount: '10.00', currency: 'GBP' },
  });
  t.is(world.do(refund(payment, '5.00')).status, 201);
});

test('a frozen account cannot refund, and can be refunded', (t) => {
  const world = makeWorld();
  const payment = paid(world);
  world.setStatus('bob', 'frozen');
  isRefused(t, world, refund(payment), 'ACCOUNT_FROZEN');
  world.setStatus('bob', 'active');
  world.setStatus('alice', 'frozen');
  t.is(world.do(refund(payment)).status, 201);
});

test('a block keeps nobody from giving back, whoever blocks, but the reason does not reach the other', (t) => {
  for (const [by, whom] of [
    ['alice', 'bob'],
    ['bob', 'alice'],
  ] as const) {
    const world = makeWorld();
    const payment = paid(world);
    world.do({ is: 'block', by, whom });
    const blocked = world.do({ ...refund(payment, '1.00'), reason: 'you will hear of me' });
    t.deepEqual([blocked.status, bodyOf(blocked).memo], [201, null]);
    t.notRegex(JSON.stringify(world.tables), /you will hear/);
    world.do({ is: 'unblock', by, whom });
    t.is(bodyOf(world.do({ ...refund(payment, '1.00'), reason: 'sorry' })).memo, 'sorry');
  }
});

test('an amount that is none is refused', (t) => {
  const world = makeWorld();
  const payment = paid(world);
  for (const amount of ['0', '0.00', '-1', '1.001', '01', '1e3', ' 1', '1,00', '']) {
    isRefused(t, world, refund(payment, amount), 'INVALID_AMOUNT');
  }
});

test('a dry run says what it costs, and writes nothing', (t) => {
  const world = makeWorld();
  const payment = paid(world, { by: 'carol', money: { minor: 1_000, currency: 'USD' } });
  const before = structuredClone(world.tables);
  const outcome = world.do(refund(payment, '3.34'), { isDryRun: true });
  t.is(outcome.status, 200);
  t.like(bodyOf(outcome), { id: null, sent: { amount: '2.63', currency: 'GBP' }, refundOf: payment });
  t.deepEqual(world.tables, before);
  t.is(codeOf(world.do(refund(payment, '10.01'), { isDryRun: true })), 'REFUND_TOO_LARGE');
});

test('one key gives back once', (t) => {
  const world = makeWorld();
  const payment = paid(world);
  const first = world.do({ ...refund(payment, '4.00'), key: 'k' });
  const replay = world.do({ ...refund(payment, '4.00'), key: 'k' });
  t.deepEqual([replay.isReplay, replay.json], [true, first.json]);
  t.is(world.balances().alice, 99_400);
});

test('of refunds in one batch as many succeed as there is to give back', (t) => {
  const world = makeWorld();
  const payment = paid(world);
  const outcomes = world.doTogether(Array.from({ length: 50 }, () => refund(payment, '3.00')));
  t.is(outcomes.filter(({ status }) => status === 201).length, 3);
  t.is(outcomes.filter((outcome) => codeOf(outcome) === 'REFUND_TOO_LARGE').length, 47);
  t.like(world.balances(), { alice: 99_900, bob: 100_100 });
  t.deepEqual(auditBooks(world.tables), []);
});

test('a payment is given back in a hundred parts at most, and the last of them may be all that is left', (t) => {
  const world = makeWorld();
  const inParts = (payment: string, parts: number) => {
    const outcomes = world.doTogether(Array.from({ length: parts }, () => refund(payment, '0.01')));
    t.true(outcomes.every(({ status }) => status === 201));
  };
  const [one, other] = [paid(world), paid(world)];
  inParts(one, 100);
  const before = world.balances();
  const refused = isRefused(t, world, refund(one, '0.01'), 'NOT_REFUNDABLE');
  t.regex(bodyOf(refused).detail, /in 100 parts, and this one has been\. Make a new payment for the rest/);
  t.deepEqual(world.balances(), before);
  inParts(other, 99);
  t.is(world.do(refund(other)).status, 201);
  t.deepEqual(auditBooks(world.tables), []);
});

test('across currencies a payment can be given back for as long as the operator says; within one for ever', (t) => {
  const world = makeWorld();
  const dayMicros = 24 * 3_600_000_000;
  const within = paid(world);
  const across = paid(world, { to: 'carol' });
  const fromCarol = { ...refund(across, '1.00'), by: 'carol' } as const;
  const until = Number(world.tables.payments.at(-1)?.created_at) + 180 * dayMicros;
  world.clock.machine = until - 1;
  t.is(world.do(fromCarol).status, 201);
  t.is(world.tables.payments.at(-1)?.created_at, until);
  const before = world.balances();
  const late = isRefused(t, world, { ...fromCarol, amount: '2.00' }, 'NOT_REFUNDABLE');
  t.regex(bodyOf(late).detail, /for 180 days, this one until 20\d\d-.*Z\. Make a new payment/);
  t.is(bodyOf(late).refundDays, 180);
  t.deepEqual(world.balances(), before);
  t.is(world.do(refund(within)).status, 201);
});
