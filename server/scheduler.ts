import type { Clock } from './clock.js';
import type { After } from './timer.js';

/** A schedule of looks for something to do. */
export interface Scheduler {
  /** Looks at the latest at this time, in microseconds since 1970; when a look is under way, not before it has ended. */
  by(at: number): void;
  /** Looks no more; resolves when the look under way has ended. */
  stop(): Promise<void>;
}

export interface SchedulerParts {
  readonly now: Clock;
  readonly after: After;
  /** Looks for something to do; never rejects. */
  readonly look: () => Promise<void>;
}

export function makeScheduler({ now, after, look }: SchedulerParts): Scheduler {
  let next: { readonly at: number; readonly delayMs: number; readonly cancel: () => void } | undefined;
  let underWay: Promise<void> | undefined;
  let isStopped = false;

  function by(asked: number): void {
    // The clock may have leapt over a time whose timer still runs.
    const isOverdue = next !== undefined && next.delayMs > 0 && next.at <= now();
    if (isStopped || (next && next.at <= asked && !isOverdue)) {
      return;
    }
    next?.cancel();
    const at = Math.min(asked, next?.at ?? asked);
    const delayMs = Math.max(0, Math.ceil((at - now()) / 1000));
    next = { at, delayMs, cancel: underWay ? () => {} : after(delayMs, begin) };
  }

  function begin(): void {
    next = undefined;
    underWay = look().then(() => {
      underWay = undefined;
      const again = next;
      next = undefined;
      if (again) {
        by(again.at);
      }
    });
  }

  return {
    by,
    async stop() {
      isStopped = true;
      next?.cancel();
      await underWay;
    },
  };
}
