import test, { type ExecutionContext } from 'ava';
import type { RequestRow } from '../../../db/tables/requests.js';
import type { ErrorCode } from '../../../server/errors.js';
import { mostOpen, mostPeople } from '../../../server/features/collections/wire.js';
import type { Outcome } from '../../../server/ledger/outcome.js';
import { auditBooks } from '../../ledger/support/audit.js';
import { bodyOf, codeOf } from '../../ledger/support/outcomes.js';
import type { Name } from '../requests/support/act.js';
import { day, dollars, makeWorld, minute, pounds, type World } from '../requests/support/world.js';
import { act, collect } from './support/acts.js';

const outcomes = (outcome: Outcome): readonly string[] =>
  bodyOf(outcome).results.map(({ outcome: end }: { readonly outcome: string }) => end);

const requestIdOf = (world: World, of: Name): string =>
  world.toldTo(of).map(([, data]) => (data as { readonly id: string }).id)[0] ?? '';

const typesTo = (world: World, name: Name) => world.toldTo(name).map(([type]) => type);

/** Sees that a refusal left no row behind but the key that remembers it. */
function isRefused(t: ExecutionContext, world: World, code: ErrorCode, tried: () => Outcome): Outcome {
  const rows = () => ({ ...structuredClone(world.tables), idempotency_keys: [] });
  const before = rows();
  const outcome = tried();
  t.is(codeOf(outcome), code, outcome.json);
  t.deepEqual(rows(), before);
  return outcome;
}

test('a collection asks each of its people once, by a request that names it, and tells each', (t) => {
  const world = makeWorld();
  const outcome = collect(world, { name: 'trip' });
  const body = bodyOf(outcome);
  t.deepEqual([outcome.status, outcome.location], [201, `/v1/collections/${body.id}`]);
  t.like(body, {
    ...{ name: 'trip', status: 'open', people: 2, closedAt: null },
    counts: { paid: 0, pending: 2, declined: 0, cancelled: 0, expired: 0 },
    ...{ asked: { amount: '20.00', currency: 'GBP' }, collected: { amount: '0.00', currency: 'GBP' } },
  });
  for (const [place, name] of (['bob', 'carol'] as const).entries()) {
    const [[type, request] = []] = world.toldTo(name);
    t.is(type, 'request.received');
    t.like(request, { memo: 'trip', collectionId: body.id, id: body.results[place].requestId });
  }
  t.deepEqual(auditBooks(world.tables), []);
});

test('the same again asks nobody twice: neither under the same key, nor under another, nor in capitals', (t) => {
  const world = makeWorld();
  const first = collect(world, {}, { key: 'k' });
  const replay = collect(world, {}, { key: 'k' });
  t.deepEqual([replay.isReplay, replay.json], [true, first.json]);
  for (const given of [{}, { name: 'TRIP' }, { money: pounds(2_000) }, { from: ['bob', 'bob'] }]) {
    t.deepEqual(outcomes(collect(world, given)), ['asked-before', 'asked-before']);
  }
  t.is(world.tables.requests.length, 2);
  t.is(world.toldTo('bob').length, 1);
});

test('whoever is named once more is asked once, and others join the open collection under its own end', (t) => {
  const world = makeWorld();
  const first = bodyOf(collect(world, { from: ['bob', 'bob'] }));
  t.deepEqual(
    first.results.map(({ outcome }: { readonly outcome: string }) => outcome),
    ['asked', 'asked-before'],
  );
  const joined = bodyOf(
    collect(world, { from: ['bob', 'carol'], money: pounds(500), expiresAt: world.clock.service + day }),
  );
  t.is(joined.id, first.id);
  t.is(joined.expiresAt, first.expiresAt);
  t.like(joined, { people: 2, asked: { amount: '15.00', currency: 'GBP' } });
  t.deepEqual(new Set(world.tables.requests.map(({ expires_at }) => expires_at)).size, 1);
});

test('whoever declined, or was let off, is not asked again while it is open', (t) => {
  const world = makeWorld();
  collect(world);
  world.do({ is: 'decline', by: 'bob', request: requestIdOf(world, 'bob') });
  world.do({ is: 'cancel', by: 'alice', request: requestIdOf(world, 'carol') });
  t.deepEqual(outcomes(collect(world)), ['asked-before', 'asked-before']);
});

test('once it is closed the same name is another collection', (t) => {
  const world = makeWorld();
  const { id } = bodyOf(collect(world));
  act(world, 'close', id);
  const next = collect(world);
  t.not(bodyOf(next).id, id);
  t.deepEqual(outcomes(next), ['asked', 'asked']);
});

test('one who cannot be asked keeps no other from it, and is named with the reason', (t) => {
  const world = makeWorld();
  world.do({ is: 'block', by: 'carol', whom: 'alice' });
  const { results, people } = bodyOf(collect(world, { from: ['nobody', 'alice', 'carol', 'yuki', 'bob'] }));
  t.is(people, 2);
  t.deepEqual(
    results.map((one: { readonly code?: string; readonly outcome: string }) => one.code ?? one.outcome),
    ['USER_NOT_FOUND', 'SELF_REQUEST', 'RECIPIENT_UNAVAILABLE', 'asked', 'asked'],
  );
  t.deepEqual(typesTo(world, 'carol'), []);
});

test('where nobody can be asked there is no collection, and the refusal names everybody', (t) => {
  const world = makeWorld();
  const refusal = isRefused(t, world, 'USER_NOT_FOUND', () =>
    collect(world, { from: ['nobody', 'no.one', 'alice'] }),
  );
  t.deepEqual(
    bodyOf(refusal).results.map(({ code }: { readonly code: string }) => code),
    ['USER_NOT_FOUND', 'USER_NOT_FOUND', 'SELF_REQUEST'],
  );
});

test('who holds less is not asked where the operator says so, and may be found out five times a day', (t) => {
  const world = makeWorld();
  const given = { money: pounds(100_001), checkFunds: true };
  t.is(codeOf(collect(world, { ...given, from: ['bob'] })), 'INSUFFICIENT_FUNDS');
  t.is(codeOf(collect(world, { ...given, from: ['bob', 'carol'] })), 'INSUFFICIENT_FUNDS');
  world.do({ is: 'pay', by: 'carol', to: 'bob', money: pounds(500) });
  const mixed = bodyOf(collect(world, { ...given, from: ['bob', 'carol'] }));
  t.deepEqual([mixed.results[0].outcome, mixed.results[1].code], ['asked', 'INSUFFICIENT_FUNDS']);
  const counted = (name: Name) =>
    world.tables.funds_refusals.find(({ payer_id }) => payer_id === world.idOf(name))?.refusals;
  t.deepEqual([counted('bob'), counted('carol')], [2, 2]);
  for (let count = 0; count < 3; count += 1) {
    collect(world, { ...given, from: ['carol'] });
  }
  const last = bodyOf(collect(world, { ...given, from: ['carol', 'bob'] }));
  t.is(last.results[0].code, 'RATE_LIMITED');
});

test('a dry run says the same and writes nothing', (t) => {
  const world = makeWorld();
  const before = structuredClone(world.tables);
  const dry = collect(world, { from: ['bob', 'nobody'] }, { isDryRun: true });
  t.is(dry.status, 200);
  t.like(bodyOf(dry), { id: null, people: 1 });
  t.is(bodyOf(dry).results[0].requestId, null);
  t.deepEqual(world.tables, before);
});

test('the open collection of a name has one currency, and one end for all', (t) => {
  const world = makeWorld();
  collect(world, { from: ['bob'] });
  isRefused(t, world, 'VALIDATION_FAILED', () => collect(world, { from: ['carol'], money: dollars(500) }));
  isRefused(t, world, 'VALIDATION_FAILED', () =>
    collect(world, { name: 'other', expiresAt: world.clock.service - 1 }),
  );
});

test('neither a frozen owner asks anybody', (t) => {
  const world = makeWorld();
  const { id } = bodyOf(collect(world));
  world.setStatus('alice', 'frozen');
  isRefused(t, world, 'ACCOUNT_FROZEN', () => collect(world, { name: 'more' }));
  isRefused(t, world, 'ACCOUNT_FROZEN', () => act(world, 'remind', id));
  t.is(act(world, 'close', id).status, 200);
});

test('a user has so many open collections at most; those whose time is up make room', (t) => {
  const world = makeWorld();
  for (let place = 0; place < mostOpen; place += 1) {
    const expiresAt = world.clock.service + (place === 0 ? day : 20 * day);
    t.is(collect(world, { name: `number ${place}`, from: ['bob'], expiresAt }).status, 201);
  }
  isRefused(t, world, 'LIMIT_EXCEEDED', () => collect(world, { name: 'one more' }));
  t.is(collect(world, { name: 'number 1', from: ['carol'] }).status, 201);
  t.is(collect(world, { by: 'bob', name: 'one of his', from: ['alice'] }).status, 201);
  world.clock.machine += day;
  t.is(collect(world, { name: 'one more' }).status, 201);
  t.true(world.tables.collections.filter(({ closed_at }) => closed_at !== null).length === 1);
});

test('a collection has no more people and no more money in it than can be counted', (t) => {
  const world = makeWorld();
  collect(world, { from: ['bob'], money: pounds(Number.MAX_SAFE_INTEGER - 1) });
  isRefused(t, world, 'VALIDATION_FAILED', () => collect(world, { from: ['yuki'], money: pounds(1_000) }));
  isRefused(t, world, 'VALIDATION_FAILED', () => collect(world, { from: ['yuki'], money: pounds(2) }));
  t.is(collect(world, { from: ['yuki'], money: pounds(1) }).status, 201);
});

test('two hundred people may be in a collection, also where they join it one after the other', (t) => {
  const world = makeWorld();
  collect(world, { from: ['bob'] });
  const rows = world.tables.requests as RequestRow[];
  const [asked] = rows as [RequestRow];
  for (let place = 1; place < mostPeople - 1; place += 1) {
    rows.push({ ...asked, id: -place, payer_id: 1_000 + place });
  }
  isRefused(t, world, 'VALIDATION_FAILED', () => collect(world, { from: ['carol', 'yuki'] }));
  t.is(bodyOf(collect(world, { from: ['carol'] })).people, 200);
  isRefused(t, world, 'VALIDATION_FAILED', () => collect(world, { from: ['yuki'] }));
});

test('a collection takes people until the microsecond of its end', (t) => {
  const world = makeWorld();
  const expiresAt = world.clock.service + day;
  collect(world, { expiresAt });
  world.clock.machine = expiresAt - 2;
  t.deepEqual(outcomes(collect(world)), ['asked-before', 'asked-before']);
  t.deepEqual(outcomes(collect(world)), ['asked', 'asked']);
  t.is(world.clock.service, expiresAt);
});

test('a collection that would become too much tells nothing of what anybody holds', (t) => {
  const world = makeWorld();
  const most = Number.MAX_SAFE_INTEGER - 1_000;
  collect(world, { from: ['bob'], money: pounds(most) });
  for (const minor of [1_001, 100_000, 100_001]) {
    const ask = { from: ['carol'], money: pounds(minor), checkFunds: true };
    isRefused(t, world, 'VALIDATION_FAILED', () => collect(world, ask));
  }
  t.deepEqual(world.tables.funds_refusals, []);
});

test('who has not answered is reminded, once a day and not within the hour, and nobody else', (t) => {
  const world = makeWorld();
  const { id } = bodyOf(collect(world, { from: ['bob', 'carol', 'yuki'] }));
  world.do({ is: 'decline', by: 'bob', request: requestIdOf(world, 'bob') });
  world.do({ is: 'remind', by: 'alice', request: requestIdOf(world, 'carol') });
  t.deepEqual(bodyOf(act(world, 'remind', id)).reminded, ['yuki']);
  world.clock.machine += 60 * minute;
  const early = isRefused(t, world, 'RATE_LIMITED', () => act(world, 'remind', id));
  t.true((early.retryAfterSeconds ?? 0) > 23 * 3_599);
  t.truthy(bodyOf(early).remindableAt);
  world.clock.machine += day;
  world.do({ is: 'block', by: 'yuki', whom: 'alice' });
  t.deepEqual(bodyOf(act(world, 'remind', id)).reminded, ['carol']);
  const reminders = (name: Name) => typesTo(world, name).filter((type) => type === 'request.reminded');
  t.deepEqual([reminders('bob').length, reminders('carol').length, reminders('yuki').length], [0, 2, 1]);
});

test('a collection is brought to mind again at the microsecond when a day is over, and no sooner', (t) => {
  const world = makeWorld();
  const { id } = bodyOf(collect(world));
  act(world, 'remind', id);
  world.clock.machine = Number(world.tables.collections[0]?.reminded_at) + day - 2;
  const early = isRefused(t, world, 'RATE_LIMITED', () => act(world, 'remind', id));
  t.is(early.retryAfterSeconds, 1);
  t.deepEqual(bodyOf(act(world, 'remind', id)).reminded, ['bob', 'carol']);
});

test('closing takes back what nobody has answered, says so to each, and is the same however often', (t) => {
  const world = makeWorld();
  const { id } = bodyOf(collect(world, { from: ['bob', 'carol', 'yuki'] }));
  t.is(world.do({ is: 'accept', by: 'bob', request: requestIdOf(world, 'bob') }).status, 200);
  const closed = bodyOf(act(world, 'close', id));
  t.like(closed, {
    ...{ status: 'closed', cancelled: ['carol', 'yuki'] },
    counts: { paid: 1, pending: 0, declined: 0, cancelled: 2, expired: 0 },
    collected: { amount: '10.00', currency: 'GBP' },
  });
  t.is(typesTo(world, 'carol').at(-1), 'request.cancelled');
  const { cancelled: _, ...again } = bodyOf(act(world, 'close', id));
  t.like(closed, again);
  t.deepEqual(bodyOf(act(world, 'remind', id)).reminded, []);
});

test('requests whose time is up expire when it is closed, and it is no longer open', (t) => {
  const world = makeWorld();
  const { id } = bodyOf(collect(world));
  world.clock.machine += 31 * day;
  t.deepEqual(bodyOf(act(world, 'remind', id)).reminded, []);
  t.deepEqual(outcomes(collect(world)), ['asked', 'asked']);
  const closed = bodyOf(act(world, 'close', id));
  t.like(closed, { status: 'expired', cancelled: [] });
  t.is(closed.counts.expired, 2);
  t.is(typesTo(world, 'alice').filter((type) => type === 'request.expired').length, 2);
});

test('a collection of somebody else is none', (t) => {
  const world = makeWorld();
  const { id } = bodyOf(collect(world));
  for (const verb of ['remind', 'close'] as const) {
    const other = isRefused(t, world, 'NOT_FOUND', () => act(world, verb, id, 'bob'));
    const none = isRefused(t, world, 'NOT_FOUND', () => act(world, verb, 'col_0000000ZZZ', 'bob'));
    t.is(other.json, none.json);
  }
});
