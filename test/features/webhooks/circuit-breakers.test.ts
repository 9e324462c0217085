import test from 'ava';
import { makeAttemptSlots } from '../../../server/features/webhooks/attempt-slots.js';
import { makeCircuitBreakers } from '../../../server/features/webhooks/circuit-breakers.js';

const secondMicros = 1_000_000;

function openBreakers() {
  let now = 1_000 * secondMicros;
  const breakers = makeCircuitBreakers(() => now);
  return {
    breakers,
    now: () => now,
    wait(seconds: number) {
      now += seconds * secondMicros;
    },
    fail: (host: string) => breakers.note(host, { isFailure: true, tookMicros: 1 }),
    succeed: (host: string, tookMicros = 1) => breakers.note(host, { isFailure: false, tookMicros }),
  };
}

test('a host that fails five times running is left alone, longer each time, until it takes something', (t) => {
  const { breakers, now, wait, fail, succeed } = openBreakers();
  for (let count = 0; count < 4; count += 1) {
    fail('a');
  }
  t.is(breakers.pausedUntil('a'), 0);
  const pauses: number[] = [];
  for (let count = 0; count < 8; count += 1) {
    fail('a');
    const until = breakers.pausedUntil('a');
    pauses.push((until - now()) / secondMicros);
    wait((until - now()) / secondMicros);
    t.is(breakers.pausedUntil('a'), 0);
  }
  t.deepEqual(pauses, [30, 60, 120, 240, 480, 600, 600, 600]);
  t.is(breakers.pausedUntil('b'), 0);
  succeed('a');
  t.false(breakers.isTroubled('a'));
  fail('a');
  t.is(breakers.pausedUntil('a'), 0);
});

test('ten thousand hosts in trouble are remembered, and those tried longest ago go first', (t) => {
  const { breakers, fail } = openBreakers();
  for (let host = 0; host < 10_000; host += 1) {
    fail(`host-${host}`);
  }
  fail('host-0');
  t.true(breakers.isTroubled('host-1'));
  fail('another');
  t.deepEqual(
    ['host-0', 'host-1', 'host-2', 'another'].map((host) => breakers.isTroubled(host)),
    [true, false, true, true],
  );
});

test('a pause of a clock that was ahead is none once the clock is right', (t) => {
  const { breakers, now, wait, fail } = openBreakers();
  const yearSeconds = 365 * 86_400;
  wait(yearSeconds);
  for (let count = 0; count < 5; count += 1) {
    fail('a');
  }
  wait(-60);
  t.is(breakers.pausedUntil('a'), now() + 90 * secondMicros);
  wait(60 - yearSeconds);
  t.is(breakers.pausedUntil('a'), 0);
  fail('a');
  t.is(breakers.pausedUntil('a'), now() + 60 * secondMicros);
});

test('hosts that fail or are slow share half of the attempts, whosever they are, and the others have the rest', (t) => {
  const { breakers, succeed } = openBreakers();
  const slots = makeAttemptSlots(breakers.isTroubled);
  const owner = (id: number, host: string) => ({ id, user_id: id, host });
  for (let id = 1; id <= 16; id += 1) {
    succeed(`slow-${id}`, 9 * secondMicros);
  }
  let taken = 0;
  for (let id = 1; id <= 16; id += 1) {
    const slow = owner(id, `slow-${id}`);
    while (slots.room(slow) > 0) {
      taken += 1;
      slots.take(taken, slow);
    }
  }
  t.is(taken, 8);
  t.is(slots.room(owner(17, 'fast')), 2);
});

test('many webhooks of many users make four attempts at a time to one host', (t) => {
  const slots = makeAttemptSlots(() => false);
  let taken = 0;
  for (let id = 1; id <= 20; id += 1) {
    const one = { id, user_id: id, host: 'victim.example' };
    while (slots.room(one) > 0) {
      taken += 1;
      slots.take(taken, one);
    }
  }
  t.is(taken, 4);
});
