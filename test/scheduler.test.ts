import test from 'ava';
import { makeScheduler } from '../server/scheduler.js';
import { makeManualClock } from './support/manual-clock.js';

/** A scheduler whose looks begin and end when the test says so. */
function makeObservedScheduler() {
  const clock = makeManualClock();
  const begun: number[] = [];
  let arrive: () => void = () => {};
  let end: () => void = () => {};
  const scheduler = makeScheduler({
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
    scheduler,
    begun,
    nextLook: () =>
      new Promise<void>((resolve) => {
        arrive = resolve;
      }),
    endLook: () => end(),
  };
}

test('the earliest of the times that were asked for counts', async (t) => {
  const { clock, scheduler, begun, nextLook, endLook } = makeObservedScheduler();
  const start = clock.now();
  const looked = nextLook();
  scheduler.by(start + 5_000_000);
  scheduler.by(start + 2_000_000);
  scheduler.by(start + 9_000_000);
  clock.advance(1_999);
  await new Promise(setImmediate);
  t.deepEqual(begun, []);
  clock.advance(1);
  await looked;
  t.deepEqual(begun, [start + 2_000_000]);
  endLook();
  await scheduler.stop();
});

test('a time that the clock has leapt over is not waited for any more once somebody asks', async (t) => {
  const { clock, scheduler, begun, nextLook, endLook } = makeObservedScheduler();
  const looked = nextLook();
  scheduler.by(clock.now() + 60_000_000);
  clock.leap(3_600_000);
  scheduler.by(clock.now());
  scheduler.by(clock.now());
  clock.advance(1);
  await new Promise(setImmediate);
  t.is(begun.length, 1, 'its timer would have run for another minute');
  await looked;
  endLook();
  await scheduler.stop();
});

test('whoever asks during a look gets another one after it, one for all', async (t) => {
  const { clock, scheduler, begun, nextLook, endLook } = makeObservedScheduler();
  let looked = nextLook();
  scheduler.by(clock.now());
  await looked;
  looked = nextLook();
  scheduler.by(clock.now() + 7_000_000);
  scheduler.by(clock.now());
  scheduler.by(clock.now());
  clock.advance(10_000);
  await new Promise(setImmediate);
  t.is(begun.length, 1, 'one look at a time');
  endLook();
  await looked;
  t.is(begun.length, 2);
  endLook();
  clock.advance(60_000);
  await new Promise(setImmediate);
  await scheduler.stop();
  t.is(begun.length, 2);
});

test('a stop waits for the look under way and lets none follow', async (t) => {
  const { clock, scheduler, begun, nextLook, endLook } = makeObservedScheduler();
  const looked = nextLook();
  scheduler.by(clock.now());
  await looked;
  scheduler.by(clock.now());
  let hasStopped = false;
  const stopped = scheduler.stop().then(() => {
    hasStopped = true;
  });
  await new Promise(setImmediate);
  t.false(hasStopped);
  endLook();
  await stopped;
  scheduler.by(clock.now());
  clock.advance(60_000);
  await new Promise(setImmediate);
  t.is(begun.length, 1);
});
