import { EventEmitter, once } from 'node:events';
import test, { type ExecutionContext } from 'ava';
import { keepLogShort, type LogParts, leastLongFrames, longLogFrames } from '../../../db/open/log-keeper.js';

/** A keeper over a log that holds so many pages as the test says, on a disk with so much room. */
function makeKeeper(t: ExecutionContext, frames: number, freePages = Number.POSITIVE_INFINITY) {
  const seen = new EventEmitter();
  const log = { frames, copies: 0, isFull: false, lookedAtMs: [] as number[] };
  const parts: LogParts = {
    async countFrames() {
      log.lookedAtMs.push(performance.now());
      setImmediate(() => seen.emit('look'));
      return log.frames;
    },
    countFreePages: async () => freePages,
    async checkpoint() {
      if (log.isFull) {
        throw new Error('there is no room');
      }
      log.copies += 1;
      log.frames = 1;
      seen.emit('copy');
    },
  };
  const keeper = keepLogShort(parts);
  t.teardown(() => keeper.stop());
  // The keeper's own timers keep no process alive.
  const alive = setInterval(() => {}, 1_000);
  t.teardown(() => clearInterval(alive));
  return { log, keeper, seen };
}

test('a log that nothing is written to for a second is copied, once', async (t) => {
  const { log, seen } = makeKeeper(t, 30);
  const startedAtMs = performance.now();
  await once(seen, 'copy');
  t.true(performance.now() - startedAtMs >= 1_000);
  await once(seen, 'look');
  await once(seen, 'look');
  t.is(log.copies, 1);
});

test('a long log is copied although it grows', async (t) => {
  const { log, seen } = makeKeeper(t, longLogFrames);
  await once(seen, 'copy');
  t.is(log.lookedAtMs.length, 1);
});

test('a log that the disk has no room for twice more is copied although it grows', async (t) => {
  const { log, seen } = makeKeeper(t, 5_000, 10_000);
  await once(seen, 'copy');
  t.is(log.lookedAtMs.length, 1);
});

test('a short log is not copied as long as it grows, however full the disk is', async (t) => {
  const { log, seen } = makeKeeper(t, leastLongFrames - 10, 0);
  for (let looks = 0; looks < 6; looks += 1) {
    await once(seen, 'look');
    log.frames += 1;
  }
  t.is(log.copies, 0);
});

test('looks grow rare while nothing is written, and a commit brings the next one near', async (t) => {
  const { log, keeper, seen } = makeKeeper(t, 1);
  for (let looks = 0; looks < 4; looks += 1) {
    await once(seen, 'look');
  }
  const pausesMs = log.lookedAtMs.slice(1).map((at, index) => at - (log.lookedAtMs[index] ?? 0));
  t.true((pausesMs[2] ?? 0) >= 2 * (pausesMs[0] ?? 0) * 0.9, String(pausesMs));
  const toldAtMs = performance.now();
  keeper.noteCommit();
  await once(seen, 'look');
  t.true(
    performance.now() - toldAtMs < (pausesMs[2] ?? 0),
    'sooner than the last pause, which would have doubled',
  );
  t.is(log.copies, 0);
});

test('where the last look failed, a commit after a while without any is looked at at once', async (t) => {
  const { log, keeper, seen } = makeKeeper(t, longLogFrames);
  log.isFull = true;
  for (let looks = 0; looks < 3; looks += 1) {
    await once(seen, 'look');
  }
  log.isFull = false;
  const toldAtMs = performance.now();
  keeper.noteCommit();
  await once(seen, 'copy');
  t.true(performance.now() - toldAtMs < 200);
});

test('after its end nothing is looked at', async (t) => {
  const { log, keeper, seen } = makeKeeper(t, 30);
  await once(seen, 'look');
  await keeper.stop();
  const looks = log.lookedAtMs.length;
  keeper.noteCommit();
  await new Promise((resolve) => setTimeout(resolve, 600));
  t.is(log.lookedAtMs.length, looks);
});
