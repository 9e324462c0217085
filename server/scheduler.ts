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
  let next: { readonly at: number; readonly cancel: () => void } | undefined;
  let underWay: Promise<void> | undefined;
  let isStopped = false;

  function by(at: number): void {
    if (isStopped || (next && next.at <= at)) {
      return;
    }
    next?.cancel();
    const delayMs = Math.max(0, Math.ceil((at - now()) / 1000));
    next = { at, cancel: underWay ? () => {} : after(delayMs, begin) };
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
