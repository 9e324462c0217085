import test, { type ExecutionContext } from 'ava';
import type { SecondFactorRow } from '../../../db/tables/credentials.js';
import { confirmableMinutes } from '../../../server/features/enrolment/confirm-factor.js';
import { stepAt } from '../../../server/features/second-factor/time-codes.js';
import { stateOf } from '../../../server/ledger/credential-state.js';
import type { Decision, ShownFactor } from '../../../server/ledger/rule.js';
import type { Money } from '../../../server/money/money.js';
import { callerOf } from '../../ledger/support/callers.js';
import { bodyOf, codeOf } from '../../ledger/support/outcomes.js';
import { ruleNamed } from '../../ledger/support/rule-named.js';
import type { Act, PayoutAct } from '../requests/support/act.js';
import { isRefused } from '../requests/support/refused.js';
import { dollars, makeWorld, minute, pendingRequest, pounds, type World } from '../requests/support/world.js';

const guesses = ['user 1', 'network 5'].map((key) => ({ key, free: 3, firstWaitMicros: 1_000_000 }));

/** Alice, with a code of the app that is of these steps, or a recovery code of this hash. */
const showing = (world: World, shown: Partial<ShownFactor>): Pick<Decision, 'caller'> => ({
  caller: {
    ...callerOf(world.idOf('alice')),
    factor: { secret: 'sealed', steps: [], recoveryHash: null, guesses, ...shown },
  },
});

const stepNow = ({ clock }: World) => stepAt(clock.machine);

/** An act of alice on her second factor. */
const enrol = (world: World, rule: string, input: object, rest: Partial<Decision> = {}) =>
  world.do(
    { is: 'remind', by: 'alice', request: '' },
    { rule: ruleNamed(rule), input: { userId: world.idOf('alice'), ...input }, ...rest },
  );

const begin = (world: World, currentHash = 'hash of alice') =>
  enrol(world, 'begin-factor', { currentHash, secret: 'sealed' });

const confirm = (world: World) =>
  enrol(
    world,
    'confirm-factor',
    { recoveryHashes: ['one', 'other'] },
    showing(world, { steps: [stepNow(world)] }),
  );

/** Alice has a second factor, and is asked for a code above 10.00 pounds; a minute ago she has shown one. */
function makeGuardedWorld(t: ExecutionContext): World {
  const world = makeWorld();
  t.is(begin(world).status, 200);
  t.is(confirm(world).status, 200);
  const shown = showing(world, { steps: [stepNow(world) + 1] });
  t.is(enrol(world, 'change-factor', { above: 1_000 }, shown).status, 200);
  world.clock.machine += minute;
  return world;
}

const factorOf = ({ tables }: World) => tables.second_factors[0] as SecondFactorRow;

const pay = (minor: number): Act => ({ is: 'pay', by: 'alice', to: 'bob', money: pounds(minor) });
const payout = (mode: PayoutAct['mode'], ...minors: readonly number[]): PayoutAct => ({
  ...{ is: 'payout', by: 'alice', mode },
  items: minors.map((minor) => ({ to: 'bob', money: pounds(minor) })),
});

type Way = (world: World) => Act | PayoutAct;

const accept =
  (minor: number): Way =>
  (world) => ({
    ...{ is: 'accept', by: 'alice' },
    request: pendingRequest(world, { by: 'bob', from: 'alice', money: pounds(minor) }),
  });

const refund =
  (by: 'bob' | 'carol', money: Money): Way =>
  (world) => ({
    ...{ is: 'refund', by: 'alice' },
    payment: bodyOf(world.do({ is: 'pay', by, to: 'alice', money })).id,
  });

const ways: readonly { readonly of: string; readonly free: Way; readonly asked: Way }[] = [
  { of: 'a payment', free: () => pay(1_000), asked: () => pay(1_001) },
  {
    of: 'a payment of what costs that much',
    free: () => ({ ...pay(0), to: 'carol', money: dollars(1_270) }) as Act,
    asked: () => ({ ...pay(0), to: 'carol', money: dollars(1_271) }) as Act,
  },
  {
    of: 'a payment of which more arrives',
    free: () => ({ ...pay(1_000), to: 'yuki' }) as Act,
    asked: () => ({ ...pay(1_001), to: 'yuki' }) as Act,
  },
  { of: 'a payout in all', free: () => payout('all', 500, 500), asked: () => payout('all', 500, 501) },
  { of: 'a payout of each', free: () => payout('each', 500, 500), asked: () => payout('each', 500, 501) },
  { of: 'a request', free: accept(1_000), asked: accept(1_001) },
  { of: 'a refund', free: refund('bob', pounds(1_000)), asked: refund('bob', pounds(1_001)) },
  {
    of: 'a refund of what came from another currency',
    free: refund('carol', dollars(1_270)),
    asked: refund('carol', dollars(1_272)),
  },
];

for (const { of: title, free, asked } of ways) {
  test(`${title} takes a code above the amount, and none at it`, (t) => {
    const world = makeGuardedWorld(t);
    const atIt = world.do(free(world));
    t.is(atIt.code, null, atIt.json);
    const act = asked(world);
    const refusal = isRefused(t, world, act, 'SECOND_FACTOR_REQUIRED');
    t.like(bodyOf(refusal), { reason: 'missing', above: { amount: '10.00', currency: 'GBP' } });
    t.is(world.do(act, { isDryRun: true }).code, null);
    const shown = showing(world, { steps: [stepNow(world)] });
    t.is(world.do(act, shown).code, null);
    t.is(factorOf(world).last_step, stepNow(world));
  });
}

test('what a payout does not pay is not counted', (t) => {
  const world = makeGuardedWorld(t);
  const { items } = payout('each', 1_000);
  const act: PayoutAct = { ...payout('each'), items: [...items, { to: 'nobody', money: pounds(500) }] };
  t.is(world.do(act).code, null);
});

test('a code works once; what is wrong is counted, and forgiven but to the network by one that is right', (t) => {
  const world = makeGuardedWorld(t);
  const failures = () => Object.fromEntries(world.tables.guesses.map((row) => [row.key, row.failures]));
  const shown = showing(world, { steps: [stepNow(world)] });
  t.is(world.do(pay(1_001), shown).status, 201);
  const again = world.do(pay(1_001), shown);
  t.like(bodyOf(again), { code: 'SECOND_FACTOR_REQUIRED', reason: 'wrong' });
  t.is(codeOf(world.do(pay(1_001), showing(world, {}))), 'SECOND_FACTOR_REQUIRED');
  t.deepEqual(failures(), { 'user 1': 2, 'network 5': 2 });
  t.is(world.tables.audit.filter(({ action }) => action === 'second-factor.refused').length, 2);
  t.is(world.balances().alice, 98_999);
  t.is(world.do(pay(1_001), showing(world, { steps: [stepNow(world) + 1] })).status, 201);
  t.deepEqual(failures(), { 'user 1': 0, 'network 5': 2 });
});

test('a recovery code works once, its owner is told, and the trail has what is left', (t) => {
  const world = makeGuardedWorld(t);
  const shown = showing(world, { recoveryHash: 'one' });
  t.is(world.do(pay(1_001), shown).status, 201);
  t.is(factorOf(world).recovery, 'other');
  t.is(world.toldTo('alice').at(-1)?.[0], 'second-factor.recovered');
  t.like(world.tables.audit.at(-1), {
    action: 'second-factor.recovered',
    credentials: JSON.stringify(stateOf('second_factors', factorOf(world))),
  });
  t.is(codeOf(world.do(pay(1_001), shown)), 'SECOND_FACTOR_REQUIRED');
  t.is(codeOf(world.do(pay(1_001), showing(world, { recoveryHash: 'none' }))), 'SECOND_FACTOR_REQUIRED');
  t.is(factorOf(world).recovery, 'other');
});

test('each act on it leaves in the trail what it is then', (t) => {
  const world = makeWorld();
  const shown = () => showing(world, { steps: [stepNow(world)] });
  const acts = [
    () => begin(world),
    () => confirm(world),
    () => enrol(world, 'change-factor', { above: 5 }, shown()),
    () => enrol(world, 'switch-factor-off', {}, shown()),
  ];
  for (const act of acts) {
    const outcome = act();
    t.is(outcome.code, null, outcome.json);
    const state = JSON.stringify(stateOf('second_factors', factorOf(world)));
    t.is(world.tables.audit.at(-1)?.credentials, state);
    world.clock.machine += minute;
  }
});

test('one that is on is neither begun nor confirmed anew, and its amount is not changed without a code', (t) => {
  const world = makeGuardedWorld(t);
  const before = structuredClone(world.tables.second_factors);
  t.is(codeOf(begin(world)), 'SECOND_FACTOR_ON');
  t.is(codeOf(confirm(world)), 'NOT_FOUND');
  t.is(codeOf(enrol(world, 'change-factor', { above: null })), 'SECOND_FACTOR_REQUIRED');
  t.is(codeOf(enrol(world, 'switch-factor-off', {})), 'SECOND_FACTOR_REQUIRED');
  t.deepEqual(world.tables.second_factors, before);
});

test('one that is begun asks for nothing, takes the password of now, and is confirmed within its minutes', (t) => {
  const world = makeWorld();
  t.is(codeOf(begin(world, 'an older hash')), 'WRONG_PASSWORD');
  begin(world);
  t.is(world.do(pay(1_001)).status, 201);
  t.is(codeOf(enrol(world, 'change-factor', { above: 1_000 })), 'NOT_FOUND');
  t.is(codeOf(enrol(world, 'switch-factor-off', {})), 'NOT_FOUND');
  world.clock.machine = factorOf(world).since + confirmableMinutes * minute - 1;
  t.is(codeOf(confirm(world)), 'NOT_FOUND');
  begin(world);
  world.clock.machine = factorOf(world).since + confirmableMinutes * minute - 2;
  t.is(confirm(world).status, 200);
});
