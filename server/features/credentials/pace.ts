import { setTimeout as after } from 'node:timers/promises';
import { type BusyTime, makeBusyTime } from '../../busy-time.js';

/** The clocks that a pace is kept by. */
export interface PaceClocks {
  /** Milliseconds that only go forward. */
  readonly now: () => number;
  /** The time of this thread since it was last asked. */
  readonly since: () => BusyTime;
  readonly wait: (ms: number) => Promise<unknown>;
}

const realClocks = (): PaceClocks => ({
  now: () => performance.now(),
  since: makeBusyTime(),
  wait: (ms) => after(ms),
});

/** The most that is rested after work, for each millisecond of it. */
const mostRest = 1;

/**
 * Paces work that is done elsewhere, one piece at a time, and takes a core for itself: before the next piece it rests as much
 * longer as this thread was busier meanwhile, and not at all where it had nothing to do. So a flood of such work leaves the
 * cores to the others, and nobody waits on a server that has the time.
 */
export function makePace(
  clocks: PaceClocks = realClocks(),
): <Result>(work: () => Promise<Result>) => Promise<Result> {
  const { now, since, wait } = clocks;
  let restUntil = 0;
  return async (work) => {
    const restMs = restUntil - now();
    if (restMs > 0) {
      await wait(restMs);
    }
    since();
    const startedAt = now();
    try {
      return await work();
    } finally {
      const { spanMs, busyMs } = since();
      const rest = busyMs > 0 ? Math.min(mostRest, busyMs / (spanMs - busyMs)) : 0;
      restUntil = now() + (now() - startedAt) * rest;
    }
  };
}
