import { hash } from 'node:crypto';
import test from 'ava';
import { timeText } from '../../../server/clock.js';
import { actNumber } from '../../../server/features/payments/likely-duplicate.js';
import { publicId } from '../../../server/ids.js';
import { auditBooks } from '../../ledger/support/audit.js';
import { callerOf } from '../../ledger/support/callers.js';
import { bodyOf, codeOf } from '../../ledger/support/outcomes.js';
import type { Act } from '../requests/support/act.js';
import { isRefused } from '../requests/support/refused.js';
import { dollars, makeWorld, minute, pendingRequest, pounds } from '../requests/support/world.js';

const pay = {
  is: 'pay',
  by: 'alice',
  to: 'bob',
  money: pounds(1_000),
  isPerson: true,
} as const satisfies Act;

test('a person who pays the same again is asked, with the earlier payment', (t) => {
  const world = makeWorld();
  const first = bodyOf(world.do(pay));
  const refusal = isRefused(t, world, pay, 'POSSIBLE_DUPLICATE');
  t.like(bodyOf(refusal), { duplicateOf: first.id, paidAt: first.createdAt });
  t.is(world.toldTo('bob').length, 1);
});

test('it counts as the same within ten minutes, to the microsecond', (t) => {
  const world = makeWorld();
  world.do(pay);
  const paidAt = world.clock.service;
  world.clock.machine = paidAt + 10 * minute - 1;
  isRefused(t, world, pay, 'POSSIBLE_DUPLICATE');
  t.is(world.clock.service, paidAt + 10 * minute);
  t.is(world.do(pay).status, 201);
  t.is(world.clock.service, paidAt + 10 * minute + 1);
});

test('the time is the timestamp service’s, not the machine’s', (t) => {
  const world = makeWorld();
  world.do(pay);
  world.clock.ahead = 5 * minute;
  world.clock.machine += 5 * minute + 1;
  t.is(world.do(pay).status, 201);
});

test('another amount, another memo, another receiver and another sender are not the same', (t) => {
  const world = makeWorld();
  world.do(pay);
  t.is(world.do({ ...pay, money: pounds(1_001) }).status, 201);
  t.is(world.do({ ...pay, memo: 'again' }).status, 201);
  t.is(world.do({ ...pay, to: 'carol' }).status, 201);
  t.is(world.do({ ...pay, by: 'bob', to: 'alice' }).status, 201);
});

test('what was paid with another memo in between hides nothing', (t) => {
  const world = makeWorld();
  const first = bodyOf(world.do({ ...pay, memo: 'lunch' })).id;
  t.is(world.do({ ...pay, memo: 'dinner' }).status, 201);
  const refusal = isRefused(t, world, { ...pay, memo: 'lunch' }, 'POSSIBLE_DUPLICATE');
  t.is(bodyOf(refusal).duplicateOf, first);
});

/** Two memos that make one number of the same payment, the number having 32 bits. */
function memosOfOneNumber(): readonly [string, string] {
  const memos = new Map<number, string>();
  for (let count = 0; ; count += 1) {
    const memo = hash('sha256', String(count), 'hex').slice(0, 16);
    const number = actNumber({ does: 'pay', userId: 1, otherId: 2, amount: pay.money, memo });
    const other = memos.get(number);
    if (other !== undefined) {
      return [other, memo];
    }
    memos.set(number, memo);
  }
}

test('memos that happen to have one number are not the same', (t) => {
  const world = makeWorld();
  const [one, other] = memosOfOneNumber();
  t.not(one, other);
  t.is(world.do({ ...pay, memo: one }).status, 201);
  t.is(world.do({ ...pay, memo: other }).status, 201);
  isRefused(t, world, { ...pay, memo: other }, 'POSSIBLE_DUPLICATE');
});

test('across currencies it is the same when the same side is fixed at the same amount', (t) => {
  const world = makeWorld();
  const toCarol = { ...pay, to: 'carol' } as const;
  world.do({ ...toCarol, money: pounds(1_000) });
  t.is(world.do({ ...toCarol, money: dollars(1_000) }).status, 201, 'as many cents as there were pence');
  t.is(world.do({ ...toCarol, money: dollars(1_270) }).status, 201);
  isRefused(t, world, { ...toCarol, money: pounds(1_000) }, 'POSSIBLE_DUPLICATE');
  isRefused(t, world, { ...toCarol, money: dollars(1_270) }, 'POSSIBLE_DUPLICATE');
});

test('the turn of the hour hides nothing, and the newest is named on both its sides', (t) => {
  const world = makeWorld();
  world.clock.machine = Math.ceil(world.clock.machine / (60 * minute)) * 60 * minute - 5 * minute;
  const first = bodyOf(world.do(pay)).id;
  world.clock.machine += 5 * minute;
  t.is(bodyOf(isRefused(t, world, pay, 'POSSIBLE_DUPLICATE')).duplicateOf, first);
  const second = bodyOf(world.do({ ...pay, confirms: first })).id;
  t.is(bodyOf(isRefused(t, world, pay, 'POSSIBLE_DUPLICATE')).duplicateOf, second);
  world.clock.machine += 10 * minute + 1;
  t.is(world.do(pay).status, 201);
});

test('who says which payment is meant besides pays again, and is asked of the newest', (t) => {
  const world = makeWorld();
  const first = bodyOf(world.do(pay)).id;
  const second = bodyOf(world.do({ ...pay, confirms: first })).id;
  t.is(typeof second, 'string');
  for (const confirms of [undefined, first, 'pay_none']) {
    const refusal = isRefused(t, world, { ...pay, confirms }, 'POSSIBLE_DUPLICATE');
    t.is(bodyOf(refusal).duplicateOf, second);
  }
  t.is(world.do({ ...pay, confirms: second }).status, 201);
  t.is(world.balances().alice, 97_000);
});

test('an asterisk says that it is meant besides whatever there is', (t) => {
  const world = makeWorld();
  for (let times = 0; times < 3; times += 1) {
    t.is(world.do({ ...pay, confirms: '*' }).status, 201);
  }
  isRefused(t, world, pay, 'POSSIBLE_DUPLICATE');
});

test('a line of a payout is nothing to be asked of, and asks of nothing', (t) => {
  const world = makeWorld();
  const line = { to: 'bob', money: pay.money };
  const payout = { is: 'payout', by: 'alice', mode: 'all', items: [line, line] } as const;
  t.is(world.do(payout, { caller: { ...callerOf(world.idOf('alice')), isPerson: true } }).status, 201);
  const { id } = bodyOf(world.do(pay));
  t.is(world.do(payout).status, 201);
  t.is(bodyOf(isRefused(t, world, pay, 'POSSIBLE_DUPLICATE')).duplicateOf, id);
});

test('to confirm what is no duplicate does no harm', (t) => {
  const world = makeWorld();
  t.is(world.do({ ...pay, confirms: 'pay_none' }).status, 201);
});

test('a script is not asked, and a person is asked of what a script paid', (t) => {
  const world = makeWorld();
  const script = { ...pay, isPerson: false } as const;
  t.is(world.do(script).status, 201);
  t.is(world.do(script).status, 201);
  isRefused(t, world, pay, 'POSSIBLE_DUPLICATE');
  t.is(world.do(script).status, 201);
});

test('the same key is a replay, not a duplicate', (t) => {
  const world = makeWorld();
  const first = world.do({ ...pay, key: 'k' });
  const replay = world.do({ ...pay, key: 'k' });
  t.deepEqual([replay.isReplay, replay.json], [true, first.json]);
});

test('the refusal stays under its key, and to confirm takes a new one', (t) => {
  const world = makeWorld();
  const { id } = bodyOf(world.do(pay));
  const refusal = world.do({ ...pay, key: 'k' });
  const replay = world.do({ ...pay, key: 'k' });
  t.deepEqual([replay.isReplay, replay.json], [true, refusal.json]);
  isRefused(t, world, { ...pay, key: 'k', confirms: id }, 'IDEMPOTENCY_KEY_REUSED');
  t.is(world.do({ ...pay, key: 'other', confirms: id }).status, 201);
});

test('what a request or a refund moved is not the same as a payment', (t) => {
  const world = makeWorld();
  world.do({ is: 'accept', by: 'alice', request: pendingRequest(world, { by: 'bob', from: 'alice' }) });
  const payment = bodyOf(world.do({ ...pay, by: 'bob', to: 'alice' })).id;
  world.do({ is: 'refund', by: 'alice', payment });
  t.is(world.do(pay).status, 201);
});

test('a dry run is asked as well, and leaves nothing to be asked of', (t) => {
  const world = makeWorld();
  t.is(world.do(pay, { isDryRun: true }).status, 200);
  t.is(world.do(pay).status, 201);
  t.is(codeOf(world.do(pay, { isDryRun: true })), 'POSSIBLE_DUPLICATE');
});

test('a payment that was refused for lack of funds is nothing to be asked of', (t) => {
  const world = makeWorld();
  const all = { ...pay, money: pounds(100_001) };
  isRefused(t, world, all, 'INSUFFICIENT_FUNDS');
  world.do({ is: 'pay', by: 'bob', to: 'alice', money: pounds(1) });
  t.is(world.do(all).status, 201);
});

test('of the same at the same instant in one batch the first wins', (t) => {
  const world = makeWorld();
  const outcomes = world.doTogether(Array.from({ length: 50 }, () => pay));
  t.is(outcomes[0]?.status, 201);
  const first = publicId('pay', world.tables.payments.at(-1)?.id ?? 0);
  for (const outcome of outcomes.slice(1)) {
    t.is(codeOf(outcome), 'POSSIBLE_DUPLICATE');
    t.is(bodyOf(outcome).duplicateOf, first);
    t.is(bodyOf(outcome).paidAt, timeText(world.clock.service));
  }
  t.is(world.balances().alice, 99_000);
  t.deepEqual(auditBooks(world.tables), []);
});

const ask = {
  is: 'ask',
  by: 'alice',
  from: 'bob',
  money: pounds(1_000),
  memo: 'lunch',
  isPerson: true,
} as const satisfies Act;

test('a person who asks somebody for the same again is asked, with the earlier request', (t) => {
  const world = makeWorld();
  const first = bodyOf(world.do(ask));
  const refusal = isRefused(t, world, ask, 'POSSIBLE_DUPLICATE');
  t.like(bodyOf(refusal), { duplicateOf: first.id, askedAt: first.createdAt });
  for (const other of [
    { ...ask, memo: 'dinner' },
    { ...ask, money: pounds(1_001) },
    { ...ask, from: 'carol' } as const,
    { ...ask, isPerson: false },
  ]) {
    t.is(world.do(other).status, 201);
  }
  t.is(world.do({ ...ask, confirms: '*' }).status, 201);
  world.clock.machine += 10 * minute + 1;
  t.is(world.do(ask).status, 201);
});

test('a person who gives the same back again is asked, with the earlier refund', (t) => {
  const world = makeWorld();
  const { id: payment } = bodyOf(world.do({ ...pay, by: 'bob', to: 'alice' }));
  const part = { is: 'refund', by: 'alice', payment, amount: '2.50', isPerson: true } as const;
  const first = bodyOf(world.do(part));
  const refusal = isRefused(t, world, { ...part, reason: 'again' }, 'POSSIBLE_DUPLICATE');
  t.like(bodyOf(refusal), { duplicateOf: first.id, paidAt: first.createdAt });
  t.regex(
    String(bodyOf(refusal).detail),
    /^You have given this back already, .+ If you mean to give it back again, /,
  );
  t.is(world.do({ ...part, amount: '5.00' }).status, 201);
  const { amount: _, ...rest } = part;
  isRefused(t, world, rest, 'POSSIBLE_DUPLICATE');
  t.is(world.do({ ...rest, confirms: first.id }).status, 201);
});

test('of the same refund of all that is left twice in one batch the second finds nothing left', (t) => {
  const world = makeWorld();
  const { id: payment } = bodyOf(world.do({ ...pay, by: 'bob', to: 'alice' }));
  const half = { is: 'refund', by: 'alice', payment, amount: '5.00', isPerson: true } as const;
  const rest = { is: 'refund', by: 'alice', payment, isPerson: true } as const;
  t.deepEqual(world.doTogether([half, rest, { ...rest, confirms: '*' }, rest]).map(codeOf), [
    undefined,
    'POSSIBLE_DUPLICATE',
    undefined,
    'REFUND_TOO_LARGE',
  ]);
});

test('a dry run of a request, of its acceptance and of a refund writes nothing and has no id', (t) => {
  const world = makeWorld();
  const dry = { isDryRun: true };
  const before = structuredClone(world.tables);
  const asked = world.do(ask, dry);
  t.deepEqual([asked.status, bodyOf(asked).id, bodyOf(asked).status], [200, null, 'pending']);
  t.deepEqual(world.tables, before);
  const request = bodyOf(world.do(ask)).id;
  const pending = structuredClone(world.tables);
  const accepted = world.do({ is: 'accept', by: 'bob', request }, dry);
  t.like(bodyOf(accepted), {
    request: { id: request, status: 'paid', paymentId: null },
    payment: { id: null },
  });
  t.deepEqual(world.tables, pending);
  t.is(codeOf(world.do(ask, dry)), 'POSSIBLE_DUPLICATE');
});
