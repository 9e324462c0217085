import test from 'ava';
import type { RequestStatus } from '../../../db/tables/requests.js';
import { timeText } from '../../../server/clock.js';
import { auditBooks } from '../../ledger/support/audit.js';
import { bodyOf } from '../../ledger/support/outcomes.js';
import type { Act } from './support/act.js';
import { isRefused } from './support/refused.js';
import { day, makeWorld, minute, pendingRequest, type World } from './support/world.js';

test('the payer declines with a reason or without, and the requester is told', (t) => {
  for (const reason of ['too dear', undefined]) {
    const world = makeWorld();
    const [request, before] = [pendingRequest(world), world.balances()];
    const outcome = world.do({ is: 'decline', by: 'bob', request, ...(reason && { reason }) });
    t.is(outcome.status, 200);
    const closedAt = timeText(world.clock.service);
    t.like(bodyOf(outcome), { status: 'declined', reason: reason ?? null, closedAt, paymentId: null });
    t.deepEqual(world.toldTo('alice'), [['request.declined', bodyOf(outcome)]]);
    t.deepEqual(
      world.toldTo('bob').map(([type]) => type),
      ['request.received'],
    );
    t.deepEqual(world.balances(), before);
    t.deepEqual(auditBooks(world.tables), []);
  }
});

test('the requester cancels, and the payer is told', (t) => {
  const world = makeWorld();
  const request = pendingRequest(world);
  const outcome = world.do({ is: 'cancel', by: 'alice', request });
  t.is(outcome.status, 200);
  const closedAt = timeText(world.clock.service);
  t.like(bodyOf(outcome), { status: 'cancelled', reason: null, closedAt });
  t.deepEqual(world.toldTo('bob').at(-1), ['request.cancelled', bodyOf(outcome)]);
  t.deepEqual(world.toldTo('alice'), []);
});

test('frozen accounts can decline and cancel', (t) => {
  const world = makeWorld();
  const [one, other] = [pendingRequest(world), pendingRequest(world)];
  world.setStatus('alice', 'frozen');
  world.setStatus('bob', 'frozen');
  t.is(world.do({ is: 'decline', by: 'bob', request: one }).status, 200);
  t.is(world.do({ is: 'cancel', by: 'alice', request: other }).status, 200);
});

test('a block keeps nobody from declining or cancelling', (t) => {
  const world = makeWorld();
  const [one, other] = [pendingRequest(world), pendingRequest(world)];
  world.do({ is: 'block', by: 'alice', whom: 'bob' });
  world.do({ is: 'block', by: 'bob', whom: 'alice' });
  t.is(world.do({ is: 'decline', by: 'bob', request: one }).status, 200);
  t.is(world.do({ is: 'cancel', by: 'alice', request: other }).status, 200);
});

test('between two who do not deal with each other a request is declined without words', (t) => {
  for (const block of [
    { is: 'block', by: 'alice', whom: 'bob' },
    { is: 'block', by: 'bob', whom: 'alice' },
  ] as const) {
    const world = makeWorld();
    const request = pendingRequest(world);
    world.do(block);
    const outcome = world.do({ is: 'decline', by: 'bob', request, reason: 'too dear' });
    t.like(bodyOf(outcome), { status: 'declined', reason: null });
    t.is(world.requestOf(request).reason, null);
    t.notRegex(JSON.stringify(world.tables.events), /too dear/);
  }
});

test('the wrong side is told so, and to others there is no such request', (t) => {
  const world = makeWorld();
  const request = pendingRequest(world);
  isRefused(t, world, { is: 'decline', by: 'alice', request }, 'NOT_YOUR_REQUEST');
  isRefused(t, world, { is: 'cancel', by: 'bob', request }, 'NOT_YOUR_REQUEST');
  for (const is of ['decline', 'cancel'] as const) {
    const stranger = isRefused(t, world, { is, by: 'carol', request }, 'NOT_FOUND');
    t.is(stranger.json, isRefused(t, world, { is, by: 'carol', request: 'req_none' }, 'NOT_FOUND').json);
  }
});

const closings: Readonly<Record<Exclude<RequestStatus, 'pending'>, (world: World, request: string) => void>> =
  {
    paid: (world, request) => world.do({ is: 'accept', by: 'bob', request }),
    declined: (world, request) => world.do({ is: 'decline', by: 'bob', request }),
    cancelled: (world, request) => world.do({ is: 'cancel', by: 'alice', request }),
    expired(world, request) {
      world.clock.machine += 30 * day;
      world.do({ is: 'expire', request });
    },
  };

const later = (request: string): readonly Act[] => [
  { is: 'accept', by: 'bob', request },
  { is: 'decline', by: 'bob', request, reason: 'no' },
  { is: 'cancel', by: 'alice', request },
  { is: 'remind', by: 'alice', request },
];

for (const [status, close] of Object.entries(closings)) {
  test(`a request that is ${status} stays as it is, and whoever acts on it is told what it is`, (t) => {
    const world = makeWorld();
    const request = pendingRequest(world);
    close(world, request);
    const closed = world.requestOf(request);
    t.is(String(closed.status), status);
    for (const act of later(request)) {
      const refusal = isRefused(t, world, act, 'REQUEST_CLOSED');
      t.is(bodyOf(refusal).requestStatus, status);
    }
    world.clock.machine += 365 * day;
    t.is(world.do({ is: 'expire', request }).status, 204);
    t.deepEqual(world.requestOf(request), closed);
  });

  test(`of a request that is ${status} the wrong side and strangers hear no more than before`, (t) => {
    const world = makeWorld();
    const request = pendingRequest(world);
    close(world, request);
    isRefused(t, world, { is: 'cancel', by: 'bob', request }, 'NOT_YOUR_REQUEST');
    isRefused(t, world, { is: 'accept', by: 'carol', request }, 'NOT_FOUND');
  });
}

/** A world at the moment when so much is missing, by each clock, until its request expires. */
function shortlyBefore(missing: { readonly service: number; readonly machine: number }) {
  const world = makeWorld();
  const request = pendingRequest(world);
  const { expires_at } = world.requestOf(request);
  // The next act is decided a microsecond later by the machine's clock.
  world.clock.machine = expires_at - missing.machine - 1;
  world.clock.ahead = missing.machine - missing.service;
  return { world, request };
}

const moments = [
  { of: 'both clocks are a microsecond short of it', service: 1, machine: 1, isOver: false },
  { of: 'only the timestamp service is past it', service: -4 * minute, machine: 1, isOver: false },
  { of: 'only the machine is past it', service: 1, machine: -4 * minute, isOver: false },
  { of: 'both clocks show just its time', service: 0, machine: 0, isOver: true },
  { of: 'both clocks are past it', service: -1, machine: -4 * minute, isOver: true },
];

for (const { of, isOver, ...missing } of moments) {
  test(`when ${of} a request is ${isOver ? 'over' : 'open'}`, (t) => {
    for (const place of later('').keys()) {
      const { world, request } = shortlyBefore(missing);
      const act = later(request)[place] as Act;
      if (isOver) {
        t.is(bodyOf(isRefused(t, world, act, 'REQUEST_CLOSED')).requestStatus, 'expired');
      } else {
        t.is(world.do(act).status, 200, act.is);
      }
    }
    const { world, request } = shortlyBefore(missing);
    t.is(world.do({ is: 'expire', request }).status, 204);
    t.is(world.requestOf(request).status, isOver ? 'expired' : 'pending');
  });
}

test('when a request expires both sides are told, once', (t) => {
  const world = makeWorld();
  const [request, before] = [pendingRequest(world), world.balances()];
  world.clock.machine += 30 * day;
  for (let count = 0; count < 3; count += 1) {
    t.is(world.do({ is: 'expire', request }).status, 204);
  }
  const told = world.toldTo('alice');
  t.deepEqual(told, world.toldTo('bob').slice(1));
  t.is(told.length, 1);
  t.is(told[0]?.[0], 'request.expired');
  t.like(told[0]?.[1], { id: request, status: 'expired' });
  t.deepEqual(world.balances(), before);
});

test('nothing expires that is not there', (t) => {
  const world = makeWorld();
  t.is(world.do({ is: 'expire', request: 'req_none' }).status, 204);
  t.is(world.tables.events.length, 0);
});
