import { performance } from 'node:perf_hooks';

/** A stretch of time, and how much of it a thread had something to do. */
export interface BusyTime {
  readonly spanMs: number;
  readonly busyMs: number;
}

/** Gives the time of this thread since it was last asked. */
export function makeBusyTime(): () => BusyTime {
  let last = performance.eventLoopUtilization();
  return () => {
    const { idle, active } = performance.eventLoopUtilization(last);
    last = performance.eventLoopUtilization();
    return { spanMs: idle + active, busyMs: active };
  };
}
