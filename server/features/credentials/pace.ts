import { performance } from 'node:perf_hooks';
import { setTimeout as after } from 'node:timers/promises';

/** The clocks that a pace is kept by. */
export interface PaceClocks {
  /** Milliseconds that only go forward. */
  readonly now: () => number;
  /** The share of the time since it was last asked, from 0 to 1, in which this thread had something to do. */
  readonly busyShare: () => number;
  readonly wait: (ms: number) => Promise<unknown>;
}

function realClocks(): PaceClocks {
  let last = performance.eventLoopUtilization();
  return {
    now: () => performance.now(),
    busyShare() {
      const { utilization } = performance.eventLoopUtilization(last);
      last = performance.eventLoopUtilization();
      return utilization;
    },
    wait: (ms) => after(ms),
  };
}

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
  const { now, busyShare, wait } = clocks;
  let restUntil = 0;
  return async (work) => {
    const restMs = restUntil - now();
    if (restMs > 0) {
      await wait(restMs);
    }
    busyShare();
    const startedAt = now();
    try {
      return await work();
    } finally {
      const share = busyShare();
      const rest = share < 1 ? Math.min(mostRest, share / (1 - share)) : mostRest;
      restUntil = now() + (now() - startedAt) * rest;
    }
  };
}
