import test from 'ava';
import fc from 'fast-check';
import { makeStreamPace } from '../../server/http/answer/stream-pace.js';

/** A pace by clocks of its own: every page takes so many milliseconds, of which this thread was busy so many. */
function makeStream() {
  let span = 0;
  let busy = 0;
  let turns = 0;
  let time = 0;
  let turnMs = 1;
  const rests: number[] = [];
  const pace = makeStreamPace({
    since() {
      const seen = { spanMs: span, busyMs: busy };
      span = 0;
      busy = 0;
      return seen;
    },
    now: () => time,
    turn: async () => {
      turns += 1;
      time += turnMs;
    },
    rest: async (ms) => {
      rests.push(ms);
      span += ms;
    },
  });
  return {
    rests,
    turns: () => turns,
    /** From now on nobody else asks for anything. */
    beAlone() {
      turnMs = 0.01;
    },
    async page(spanMs: number, busyMs: number) {
      span += spanMs;
      busy += busyMs;
      await pace();
    },
  };
}

test('between two pages others have their turns', async (t) => {
  const stream = makeStream();
  await stream.page(5, 1);
  await stream.page(5, 1);
  t.is(stream.turns(), 8);
  t.deepEqual(stream.rests, []);
});

test('a stream that leaves this thread time enough rests not at all', async (t) => {
  const stream = makeStream();
  for (let page = 0; page < 100; page += 1) {
    await stream.page(10, 2);
  }
  t.deepEqual(stream.rests, []);
});

test('where this thread was busy all the time, the stream rests as long as it takes for that to be a fifth', async (t) => {
  const stream = makeStream();
  await stream.page(9, 9);
  t.is(stream.rests.length, 1);
  t.true(Math.abs((stream.rests[0] ?? 0) - 36) < 1e-9);
});

test('a stream that is alone does not rest, however busy it keeps this thread', async (t) => {
  const stream = makeStream();
  stream.beAlone();
  for (let page = 0; page < 100; page += 1) {
    await stream.page(10, 10);
  }
  t.deepEqual(stream.rests, []);
});

test('rests that are too short for a timer come together', async (t) => {
  const stream = makeStream();
  for (let page = 0; page < 4; page += 1) {
    await stream.page(0.1, 0.1);
  }
  t.is(stream.rests.length, 1);
  t.true((stream.rests[0] ?? 0) >= 1);
});

test('whatever the pages take, this thread is busy for no more than a fifth, but for one rest', async (t) => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(20), fc.nat(20)), { minLength: 1, maxLength: 50 }),
      async (pages) => {
        const stream = makeStream();
        let busyMs = 0;
        let spanMs = 0;
        for (const [idle, busy] of pages) {
          await stream.page(idle + busy, busy);
          busyMs += busy;
          spanMs += idle + busy;
        }
        const rested = stream.rests.reduce((sum, ms) => sum + ms, 0);
        return busyMs / 0.2 <= spanMs + rested + 1;
      },
    ),
  );
  t.pass();
});
