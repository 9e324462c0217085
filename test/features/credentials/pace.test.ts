import test from 'ava';
import fc from 'fast-check';
import { makePace } from '../../../server/features/credentials/pace.js';

/** A pace by clocks of its own: work takes what is said, while this thread is as busy as is said. */
function makeDay() {
  let time = 0;
  let share = 0;
  const waits: number[] = [];
  const pace = makePace({
    now: () => time,
    since: () => ({ spanMs: 100, busyMs: 100 * share }),
    wait: async (ms) => {
      waits.push(ms);
      time += ms;
    },
  });
  return {
    waits,
    rest(ms: number) {
      time += ms;
    },
    work: (ms: number, busy: number) =>
      pace(async () => {
        time += ms;
        share = busy;
        return ms;
      }),
  };
}

test('where this thread has nothing to do, nothing rests', async (t) => {
  const day = makeDay();
  for (const ms of [20, 30, 40]) {
    t.is(await day.work(ms, 0), ms);
  }
  t.deepEqual(day.waits, []);
});

test('the busier this thread was, the longer the next piece waits', async (t) => {
  const day = makeDay();
  await day.work(20, 0.5);
  await day.work(20, 0.2);
  await day.work(20, 1);
  await day.work(20, 0);
  t.deepEqual(day.waits, [20, 5, 20]);
});

test('what comes after the rest waits no more, and what comes within it waits for the end of it', async (t) => {
  const day = makeDay();
  await day.work(20, 0.5);
  day.rest(15);
  await day.work(20, 0.5);
  day.rest(20);
  await day.work(20, 0);
  t.deepEqual(day.waits, [5]);
});

test('work that fails is rested after, too', async (t) => {
  let time = 0;
  const waits: number[] = [];
  const pace = makePace({
    now: () => time,
    since: () => ({ spanMs: 10, busyMs: 5 }),
    wait: async (ms) => void waits.push(ms),
  });
  const failing = pace(async () => {
    time += 8;
    throw new Error('it ended');
  });
  await t.throwsAsync(failing, { message: 'it ended' });
  await pace(async () => {});
  t.deepEqual(waits, [8]);
});

test('however busy it is, nobody waits longer than the piece before took', async (t) => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(100), fc.float({ min: 0, max: 1, noNaN: true })), { maxLength: 20 }),
      async (pieces) => {
        const day = makeDay();
        for (const [ms, busy] of pieces) {
          await day.work(ms, busy);
        }
        const longest = Math.max(0, ...pieces.map(([ms]) => ms));
        return day.waits.every((ms) => ms > 0 && ms <= longest + 1e-6);
      },
    ),
  );
  t.pass();
});
