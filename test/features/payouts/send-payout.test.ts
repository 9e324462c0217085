import test from 'ava';
import { timeText } from '../../../server/clock.js';
import { maxMinor } from '../../../server/money/money.js';
import { auditBooks } from '../../ledger/support/audit.js';
import { registration } from '../../ledger/support/callers.js';
import { bodyOf, codeOf } from '../../ledger/support/outcomes.js';
import type { PayoutAct, PayoutLine } from '../requests/support/act.js';
import { isRefused } from '../requests/support/refused.js';
import { dollars, makeWorld, pounds } from '../requests/support/world.js';

const payout = (mode: PayoutAct['mode'], ...items: PayoutLine[]): PayoutAct => ({
  is: 'payout',
  by: 'alice',
  mode,
  items,
});

const bob = { to: 'bob', money: pounds(1_000), memo: 'November' };
const carol = { to: 'carol', money: dollars(1_270) };
const nobody = { to: 'nobody', money: pounds(1) };
const herself = { to: 'alice', money: pounds(1) };
const beginning = makeWorld().balances();
const money = (amount: string, currency: string) => ({ amount, currency });

for (const mode of ['each', 'all'] as const) {
  test(`${mode}: everybody is paid and told, and the answer says it item by item`, (t) => {
    const world = makeWorld();
    const outcome = world.do(payout(mode, bob, carol, bob));
    const { results, ...body } = bodyOf(outcome);
    t.is(outcome.status, 201);
    t.deepEqual(body, {
      mode,
      totals: {
        paid: 3,
        refused: 0,
        sent: money('30.00', 'GBP'),
        received: [money('20.00', 'GBP'), money('12.70', 'USD')],
        balanceAfter: money('970.00', 'GBP'),
      },
    });
    t.like(results, [
      { index: 0, status: 201, payment: { kind: 'transfer', to: 'bob', memo: 'November' } },
      { index: 1, status: 201, payment: { to: 'carol', sent: money('10.00', 'GBP'), memo: null } },
      { index: 2, status: 201, payment: { balanceAfter: money('970.00', 'GBP') } },
    ]);
    t.deepEqual(world.balances(), { ...beginning, alice: 97_000, bob: 102_000, carol: 128_270 });
    t.deepEqual(
      world.toldTo('bob').map(([type, data]) => [type, (data as { id: string }).id]),
      [results[0], results[2]].map(({ payment }) => ['payment.received', payment.id]),
    );
    t.deepEqual(auditBooks(world.tables), []);
  });

  test(`${mode}: a dry run says the same without ids and leaves every row as it was`, (t) => {
    const world = makeWorld();
    const before = structuredClone(world.tables);
    const dry = world.do(payout(mode, bob, carol), { isDryRun: true });
    t.deepEqual(world.tables, before);
    t.is(dry.status, 200);
    const { results, totals } = bodyOf(dry);
    t.like(results, [
      { status: 200, payment: { id: null } },
      { status: 200, payment: { id: null } },
    ]);
    t.deepEqual(bodyOf(world.do(payout(mode, bob, carol))).totals, totals);
  });

  test(`${mode}: a replay gives the first answer and pays nobody`, (t) => {
    const world = makeWorld();
    const keyed = { ...payout(mode, bob, carol), key: 'k' };
    const first = world.do(keyed);
    const balances = world.balances();
    const replay = world.do(keyed);
    t.deepEqual([replay.isReplay, replay.json, replay.status], [true, first.json, 201]);
    t.deepEqual(world.balances(), balances);
    isRefused(t, world, { ...keyed, items: [bob] }, 'IDEMPOTENCY_KEY_REUSED');
    isRefused(t, world, { ...keyed, mode: mode === 'all' ? 'each' : 'all' }, 'IDEMPOTENCY_KEY_REUSED');
  });

  test(`${mode}: a frozen sender is told once, and pays nobody`, (t) => {
    const world = makeWorld();
    world.setStatus('alice', 'frozen');
    const refusal = isRefused(t, world, payout(mode, bob, carol), 'ACCOUNT_FROZEN');
    t.is(bodyOf(refusal).items, undefined);
  });

  test(`${mode}: a person is not asked about items that are alike, nor about what was paid just before`, (t) => {
    const world = makeWorld();
    world.do({ is: 'pay', by: 'alice', to: 'bob', money: pounds(1_000), isPerson: true });
    const caller = { userId: world.idOf('alice'), isPerson: true, address: '127.0.0.1', requestId: 'test' };
    t.is(bodyOf(world.do(payout(mode, bob, bob), { caller })).totals.paid, 2);
    isRefused(
      t,
      world,
      { is: 'pay', by: 'alice', to: 'bob', money: pounds(1_000), isPerson: true },
      'POSSIBLE_DUPLICATE',
    );
  });

  test(`${mode}: what is found where Location points are the payments and nothing else`, (t) => {
    const world = makeWorld();
    world.do({ is: 'pay', by: 'alice', to: 'bob', money: pounds(5) });
    const outcome = world.do(payout(mode, bob));
    const { now } = { now: world.clock.service };
    t.is(outcome.location, `/v1/payments?direction=sent&since=${timeText(now)}&until=${timeText(now + 1)}`);
    t.is(bodyOf(outcome).results[0].payment.createdAt, timeText(now));
  });
}

test('each: an item that is refused keeps no other from being paid', (t) => {
  const world = makeWorld();
  world.do({ is: 'block', by: 'carol', whom: 'alice' });
  const outcome = world.do(payout('each', nobody, bob, herself, carol, bob));
  const { results, totals } = bodyOf(outcome);
  t.is(outcome.status, 201);
  t.like(results, [
    {
      index: 0,
      status: 422,
      error: {
        code: 'USER_NOT_FOUND',
        status: 422,
        errors: [{ field: 'items.0.to', message: 'is nobody here' }],
      },
    },
    { index: 1, status: 201, payment: { to: 'bob' } },
    { index: 2, status: 422, error: { code: 'SELF_PAYMENT' } },
    { index: 3, status: 409, error: { code: 'RECIPIENT_UNAVAILABLE', errors: [{ field: 'items.3.to' }] } },
    { index: 4, status: 201, payment: { to: 'bob' } },
  ]);
  t.like(totals, { paid: 2, refused: 3, sent: money('20.00', 'GBP') });
  t.deepEqual(world.balances(), { ...beginning, alice: 98_000, bob: 102_000 });
  t.deepEqual(world.toldTo('carol'), []);
  t.deepEqual(auditBooks(world.tables), []);
});

test('each: the funds are judged at each item, so that a smaller one after a larger may pass', (t) => {
  const world = makeWorld();
  const items = [60_000, 60_000, 40_000, 1].map((minor) => ({ to: 'bob', money: pounds(minor) }));
  const { results } = bodyOf(world.do(payout('each', ...items)));
  t.deepEqual(
    results.map(({ status }: { status: number }) => status),
    [201, 409, 201, 409],
  );
  t.like(results[1].error, { available: money('400.00', 'GBP'), required: money('600.00', 'GBP') });
  t.deepEqual(world.balances(), { ...beginning, alice: 0, bob: 200_000 });
});

test('each: where everybody is refused nothing moves, and the answer is kept under its key', (t) => {
  const world = makeWorld();
  const keyed = { ...payout('each', nobody, herself), key: 'k' };
  const outcome = world.do(keyed);
  t.like(bodyOf(outcome).totals, { paid: 0, refused: 2, sent: money('0.00', 'GBP'), received: [] });
  t.deepEqual(world.balances(), beginning);
  t.is(world.do(keyed).json, outcome.json);
});

test('all: one item that is refused keeps everybody from being paid, and every such item is named', (t) => {
  const world = makeWorld();
  const outcome = isRefused(t, world, payout('all', bob, nobody, carol, herself), 'USER_NOT_FOUND');
  const body = bodyOf(outcome);
  t.regex(body.detail, /^items\.1: There is no user nobody\. .*1 more are refused\. Nobody was paid\.$/);
  t.deepEqual(
    body.items.map(({ index, code }: { index: number; code: string }) => [index, code]),
    [
      [1, 'USER_NOT_FOUND'],
      [3, 'SELF_PAYMENT'],
    ],
  );
  t.deepEqual(body.errors, [
    { field: 'items.1.to', message: 'is nobody here' },
    { field: 'items.3.to', message: 'is yourself' },
  ]);
  t.deepEqual(world.balances(), beginning);
});

test('all: the funds are judged over the sum, to the minor unit', (t) => {
  const world = makeWorld();
  const lines = (last: number) => [60_000, last].map((minor) => ({ to: 'bob', money: pounds(minor) }));
  const refusal = isRefused(t, world, payout('all', ...lines(40_001)), 'INSUFFICIENT_FUNDS');
  t.like(bodyOf(refusal), { available: money('1000.00', 'GBP'), required: money('1000.01', 'GBP') });
  t.is(world.do(payout('all', ...lines(40_000))).status, 201);
  t.is(world.balances().alice, 0);
});

test('all: a refusal is kept under its key', (t) => {
  const world = makeWorld();
  const keyed = { ...payout('all', nobody, bob), key: 'k' };
  const first = world.do(keyed);
  const replay = world.do(keyed);
  t.deepEqual([replay.isReplay, replay.json, codeOf(replay)], [true, first.json, 'USER_NOT_FOUND']);
});

test('another conversion service that does not answer refuses the whole of either, and nothing is kept', (t) => {
  const world = makeWorld();
  for (const mode of ['each', 'all'] as const) {
    const keyed = { ...payout(mode, bob, carol), key: `k ${mode}` };
    const facts = [null, { unavailable: 'It does not answer; nothing was done. Repeat it.' }];
    isRefused(t, world, keyed, 'CONVERSION_UNAVAILABLE', { facts });
    t.is(world.do(keyed).status, 201);
  }
});

test('each item has its own quote of another conversion service', (t) => {
  const world = makeWorld();
  const quote = (minor: number) => ({
    quote: { sent: pounds(1_000), received: dollars(minor), rate: '2' },
  });
  const toCarol = { to: 'carol', money: pounds(1_000) };
  world.do(payout('each', toCarol, bob, toCarol), { facts: [quote(2_000), null, quote(2_001)] });
  t.is(world.balances().carol, beginning.carol + 4_001);
});

test('a sum that cannot be counted exactly is refused, not rounded', (t) => {
  const world = makeWorld();
  const most = { to: 'bob', money: pounds(Number.MAX_SAFE_INTEGER) };
  isRefused(t, world, payout('all', most, most), 'INVALID_AMOUNT');
});

test('each: an item that is refused while its money moves leaves nothing behind', (t) => {
  const world = makeWorld();
  // All dollars that can be issued, but for those of carol.
  const rich = registration('rich', { currency: 'USD', openingCredit: maxMinor - beginning.carol });
  t.is(world.do(payout('each'), rich).status, 201);
  const tooMuch = { to: 'rich', money: dollars(126_000) };
  t.is(world.do({ ...payout('each', { ...tooMuch, money: dollars(1_270) }), by: 'bob' }).status, 201);
  const { results } = bodyOf(world.do(payout('each', tooMuch, bob)));
  t.like(results, [
    { index: 0, error: { code: 'INVALID_AMOUNT' } },
    { index: 1, status: 201 },
  ]);
  t.is(world.balances().alice, beginning.alice - 1_000);
  t.deepEqual(auditBooks(world.tables), []);
});
