import test from 'ava';
import { bodyOf } from '../../ledger/support/outcomes.js';
import { isRefused } from './support/refused.js';
import { makeWorld, minute, pendingRequest } from './support/world.js';

test('the requester brings a request to mind, which the payer alone is told, and which changes nothing else', (t) => {
  const world = makeWorld();
  const request = pendingRequest(world);
  const asked = world.toldTo('bob')[0]?.[1];
  const outcome = world.do({ is: 'remind', by: 'alice', request });
  t.is(outcome.status, 200);
  t.deepEqual(bodyOf(outcome), asked);
  t.deepEqual(world.toldTo('bob').at(-1), ['request.reminded', asked]);
  t.deepEqual(world.toldTo('alice'), []);
});

test('a request is brought to mind once an hour at most', (t) => {
  const world = makeWorld();
  const request = pendingRequest(world);
  const remind = { is: 'remind', by: 'alice', request } as const;
  t.is(world.do(remind).status, 200);
  const refusal = isRefused(t, world, remind, 'RATE_LIMITED');
  t.is(refusal.retryAfterSeconds, 3_600);
  const other = pendingRequest(world);
  t.is(world.do({ ...remind, request: other }).status, 200);
  const { reminded_at } = world.requestOf(request);
  world.clock.machine = Number(reminded_at) + 60 * minute - 2;
  t.is(isRefused(t, world, remind, 'RATE_LIMITED').retryAfterSeconds, 1);
  t.is(world.do(remind).status, 200);
  isRefused(t, world, remind, 'RATE_LIMITED');
});

test('only the requester can, and to others there is no such request', (t) => {
  const world = makeWorld();
  const request = pendingRequest(world);
  isRefused(t, world, { is: 'remind', by: 'bob', request }, 'NOT_YOUR_REQUEST');
  isRefused(t, world, { is: 'remind', by: 'carol', request }, 'NOT_FOUND');
});

test('a payer who blocks the requester is not disturbed, and it is not said why', (t) => {
  const world = makeWorld();
  const request = pendingRequest(world);
  world.do({ is: 'block', by: 'bob', whom: 'alice' });
  const refusal = isRefused(t, world, { is: 'remind', by: 'alice', request }, 'RECIPIENT_UNAVAILABLE');
  t.notRegex(refusal.json, /block/i);
});

test('a requester who blocks the payer does not remind them', (t) => {
  const world = makeWorld();
  const request = pendingRequest(world);
  world.do({ is: 'block', by: 'alice', whom: 'bob' });
  isRefused(t, world, { is: 'remind', by: 'alice', request }, 'RECIPIENT_UNAVAILABLE');
});

test('a frozen requester cannot', (t) => {
  const world = makeWorld();
  const request = pendingRequest(world);
  world.setStatus('alice', 'frozen');
  isRefused(t, world, { is: 'remind', by: 'alice', request }, 'ACCOUNT_FROZEN');
});
