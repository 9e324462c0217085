import test from 'ava';
import { makeAgenda } from '../server/agenda.js';
import { makeManualClock } from './support/manual-clock.js';

/** An agenda whose looks begin and end when the test says so. */
function makeObservedAgenda() {
  const clock = makeManualClock();
  const begun: number[] = [];
  let arrive: () => void = () => {};
  let end: () => void = () => {};
  const agenda = makeAgenda({
    now: clock.now,
    after: clock.after,
    look() {
      begun.push(clock.now());
      arrive();
      return new Promise((resolve) => {
        end = resolve;
      });
    },
  });
  return {
    clock,
    agenda,
    begun,
    nextLook: () =>
      new Promise<void>((resolve) => {
        arrive = resolve;
      }),
    endLook: () => end(),
  };
}

test('the earliest of the times that were asked for counts', async (t) => {
  const { clock, agenda, begun, nextLook, endLook } = makeObservedAgenda();
  const start = clock.now();
  const looked = nextLook();
  agenda.by(start + 5_000_000);
  agenda.by(start + 2_000_000);
  agenda.by(start + 9_000_000);
  clock.advance(1_999);
  await new Promise(setImmediate);
  t.deepEqual(begun, []);
  clock.advance(1);
  await looked;
  t.deepEqual(begun, [start + 2_000_000]);
  endLook();
  await agenda.stop();
});

test('whoever asks during a look gets another one after it, one for all', async (t) => {
  const { clock, agenda, begun, nextLook, endLook } = makeObservedAgenda();
  let looked = nextLook();
  agenda.by(clock.now());
  await looked;
  looked = nextLook();
  agenda.by(clock.now() + 7_000_000);
  agenda.by(clock.now());
  agenda.by(clock.now());
  clock.advance(10_000);
  await new Promise(setImmediate);
  t.is(begun.length, 1, 'one look at a time');
  endLook();
  await looked;
  t.is(begun.length, 2);
  endLook();
  clock.advance(60_000);
  await new Promise(setImmediate);
  await agenda.stop();
  t.is(begun.length, 2);
});

test('a stop waits for the look under way and lets none follow', async (t) => {
  const { clock, agenda, begun, nextLook, endLook } = makeObservedAgenda();
  const looked = nextLook();
  agenda.by(clock.now());
  await looked;
  agenda.by(clock.now());
  let hasStopped = false;
  const stopped = agenda.stop().then(() => {
    hasStopped = true;
  });
  await new Promise(setImmediate);
  t.false(hasStopped);
  endLook();
  await stopped;
  agenda.by(clock.now());
  clock.advance(60_000);
  await new Promise(setImmediate);
  t.is(begun.length, 1);
});
