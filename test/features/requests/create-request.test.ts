import test from 'ava';
import { timeText } from '../../../server/clock.js';
import { auditBooks } from '../../ledger/support/audit.js';
import { bodyOf, codeOf } from '../../ledger/support/outcomes.js';
import type { Act } from './support/act.js';
import { isRefused } from './support/refused.js';
import { day, dollars, makeWorld, minute, pounds } from './support/world.js';

const ask = { is: 'ask', by: 'alice', from: 'bob', money: pounds(1_000) } as const satisfies Act;

test('a request is pending for thirty days, moves nothing, and is told to its payer only', (t) => {
  const world = makeWorld();
  const before = world.balances();
  const outcome = world.do({ ...ask, memo: 'dinner' });
  const { id, ...body } = bodyOf(outcome);
  t.deepEqual([outcome.status, outcome.location], [201, `/v1/requests/${id}`]);
  t.deepEqual(body, {
    ...{ status: 'pending', requester: 'alice', payer: 'bob' },
    ...{ amount: { amount: '10.00', currency: 'GBP' }, memo: 'dinner', collectionId: null },
    ...{ reason: null, paymentId: null },
    createdAt: timeText(world.clock.service),
    expiresAt: timeText(world.clock.service + 30 * day),
    closedAt: null,
  });
  t.deepEqual(world.balances(), before);
  t.deepEqual(world.toldTo('bob'), [['request.received', { id, ...body }]]);
  t.is(world.tables.events.length, 1);
  t.deepEqual(auditBooks(world.tables), []);
});

test('a request may be in the currency of either side, and in no other', (t) => {
  const world = makeWorld();
  for (const money of [pounds(1_000), dollars(1_000)]) {
    t.is(world.do({ ...ask, from: 'carol', money }).status, 201);
  }
  isRefused(
    t,
    world,
    { ...ask, from: 'carol', money: { minor: 1_000, currency: 'JPY' } },
    'VALIDATION_FAILED',
  );
});

test('where the operator wants it a request may ask for more than its payer holds, and does not tell what that is', (t) => {
  const world = makeWorld();
  t.is(world.do({ ...ask, money: pounds(100_001) }).status, 201);
  t.is(world.do({ ...ask, by: 'bob', from: 'carol', money: dollars(9_000_000) }).status, 201);
  t.deepEqual(world.tables.funds_refusals, []);
});

const askChecked = { ...ask, checkFunds: true } as const satisfies Act;
const tooMuch = { ...askChecked, money: pounds(100_001) } as const satisfies Act;

test('a request beyond what its payer holds is refused, without the figures, and moves and tells nothing', (t) => {
  const world = makeWorld();
  t.is(world.do({ ...askChecked, money: pounds(100_000) }).status, 201);
  const { funds_refusals: _none, idempotency_keys: _first, ...before } = structuredClone(world.tables);
  const refusal = world.do(tooMuch);
  t.is(codeOf(refusal), 'INSUFFICIENT_FUNDS');
  t.deepEqual(Object.keys(bodyOf(refusal)).toSorted(), [
    ...['code', 'detail', 'requestId', 'status', 'title', 'type'],
  ]);
  t.notRegex(refusal.json, /1000/);
  const { funds_refusals: refusals, idempotency_keys: _keys, ...after } = world.tables;
  t.deepEqual(after, before);
  t.like(refusals, [{ requester_id: world.idOf('alice'), payer_id: world.idOf('bob'), refusals: 1 }]);
});

test('what is checked of funds is what it costs the payer, in the currency of the payer', (t) => {
  const world = makeWorld();
  const fromCarol = { ...askChecked, from: 'carol' } as const;
  t.is(world.do({ ...fromCarol, money: pounds(100_000) }).status, 201);
  t.is(codeOf(world.do({ ...fromCarol, money: pounds(100_001) })), 'INSUFFICIENT_FUNDS');
  t.is(codeOf(world.do({ ...fromCarol, money: dollars(127_001) })), 'INSUFFICIENT_FUNDS');
});

test('after five such refusals nothing can be asked of that payer for a day, however little', (t) => {
  const world = makeWorld();
  for (let count = 0; count < 5; count += 1) {
    t.is(codeOf(world.do(tooMuch)), 'INSUFFICIENT_FUNDS');
    world.clock.machine += minute;
  }
  const firstAt = world.tables.funds_refusals[0]?.since ?? 0;
  for (const money of [pounds(1), pounds(100_000), tooMuch.money]) {
    const refusal = isRefused(t, world, { ...askChecked, money }, 'RATE_LIMITED');
    t.notRegex(refusal.json, /1000/);
    const left = firstAt + day - world.clock.service;
    t.is(refusal.retryAfterSeconds, Math.ceil(left / 1_000_000));
  }
  t.is(world.do({ ...askChecked, from: 'carol' }).status, 201);
  t.is(world.do({ ...askChecked, by: 'carol', from: 'bob' }).status, 201);
  world.clock.machine = firstAt + day - 2;
  isRefused(t, world, askChecked, 'RATE_LIMITED');
  t.is(world.do(askChecked).status, 201);
  t.is(codeOf(world.do(tooMuch)), 'INSUFFICIENT_FUNDS');
  t.like(world.tables.funds_refusals, [{ since: world.clock.service, refusals: 1 }]);
});

test('of refusals in one batch five are for want of funds', (t) => {
  const world = makeWorld();
  const codes = world.doTogether(Array.from({ length: 8 }, () => tooMuch)).map(codeOf);
  t.deepEqual(codes, [
    ...Array.from({ length: 5 }, () => 'INSUFFICIENT_FUNDS'),
    ...Array.from({ length: 3 }, () => 'RATE_LIMITED'),
  ]);
  t.is(world.tables.funds_refusals.length, 1);
});

test('a request that is wrong in itself tells nothing of what the payer holds', (t) => {
  const world = makeWorld();
  for (const money of [pounds(1), tooMuch.money]) {
    isRefused(t, world, { ...askChecked, money, expiresAt: world.clock.service - day }, 'VALIDATION_FAILED');
  }
  t.deepEqual(world.tables.funds_refusals, []);
});

test('a replay counts no refusal, and a dry run neither counts one nor tells what the payer holds', (t) => {
  const world = makeWorld();
  for (let count = 0; count < 8; count += 1) {
    t.is(codeOf(world.do({ ...tooMuch, key: 'k' })), 'INSUFFICIENT_FUNDS');
    t.is(world.do(tooMuch, { isDryRun: true }).status, 200);
  }
  t.like(world.tables.funds_refusals, [{ refusals: 1 }]);
});

test('one can ask neither nobody nor oneself', (t) => {
  const world = makeWorld();
  const input = { requesterId: world.idOf('alice'), amount: pounds(1_000), memo: null, expiresAt: null };
  isRefused(t, world, ask, 'USER_NOT_FOUND', { input: { ...input, from: 'nobody' } });
  isRefused(t, world, { ...ask, from: 'alice' }, 'SELF_REQUEST');
});

test('a request for what would cost or give nothing is refused', (t) => {
  const world = makeWorld();
  // A yen is worth about half a penny.
  const money = { minor: 1, currency: 'JPY' };
  isRefused(t, world, { is: 'ask', by: 'alice', from: 'yuki', money }, 'INVALID_AMOUNT');
});

test('a frozen account cannot ask, and can be asked', (t) => {
  const world = makeWorld();
  world.setStatus('alice', 'frozen');
  isRefused(t, world, ask, 'ACCOUNT_FROZEN');
  t.is(world.do({ ...ask, by: 'bob', from: 'alice' }).status, 201);
});

test('whoever is blocked cannot ask, and is not told that it is a block', (t) => {
  const world = makeWorld();
  world.do({ is: 'block', by: 'bob', whom: 'alice' });
  const refusal = isRefused(t, world, ask, 'RECIPIENT_UNAVAILABLE');
  t.notRegex(refusal.json, /block/i);
  world.do({ is: 'unblock', by: 'bob', whom: 'alice' });
  t.is(world.do(ask).status, 201);
});

test('whoever blocks cannot ask the blocked one either, and is told of the block', (t) => {
  const world = makeWorld();
  world.do({ is: 'block', by: 'alice', whom: 'bob' });
  t.is(bodyOf(isRefused(t, world, ask, 'RECIPIENT_UNAVAILABLE')).see, 'listBlocks');
  world.do({ is: 'unblock', by: 'alice', whom: 'bob' });
  t.is(world.do(ask).status, 201);
});

test('a request expires when it says: from the next microsecond to a year ahead', (t) => {
  const world = makeWorld();
  for (const life of [2, day, 365 * day, 366 * day + 1]) {
    const expiresAt = world.clock.service + life;
    const { json } = world.do({ ...ask, expiresAt });
    t.is(JSON.parse(json).expiresAt, timeText(expiresAt));
  }
  for (const life of [-day, -1, 0, 1, 366 * day + 2]) {
    const refusal = isRefused(
      t,
      world,
      { ...ask, expiresAt: world.clock.service + life },
      'VALIDATION_FAILED',
    );
    t.is(bodyOf(refusal).errors[0].field, 'expiresAt');
  }
});

test('one key asks once', (t) => {
  const world = makeWorld();
  const first = world.do({ ...ask, key: 'k' });
  const replay = world.do({ ...ask, key: 'k' });
  t.is(first.status, 201);
  t.deepEqual(replay, { ...first, isReplay: true });
  t.regex(replay.location ?? '', /^\/v1\/requests\/req_/);
  isRefused(t, world, { ...ask, key: 'k', memo: 'other' }, 'IDEMPOTENCY_KEY_REUSED');
  t.is(world.tables.requests.length, 1);
  t.is(world.toldTo('bob').length, 1);
});
