import type { After } from '../../server/timer.js';

/** A time that stands still until it is moved. */
export interface ManualClock {
  /** Microseconds since 1970. */
  readonly now: () => number;
  readonly after: After;
  /** Moves on; what falls due on the way is called back. */
  advance(ms: number): void;
  /** Is set, as by hand: no timer of before hears of it. */
  leap(ms: number): void;
}

interface Alarm {
  readonly at: number;
  readonly callback: () => void;
}

export function makeManualClock(startMicros = 1_795_456_800_000_000): ManualClock {
  let elapsedMicros = startMicros;
  let leaptMicros = 0;
  const alarms = new Set<Alarm>();

  function ring(): void {
    for (const alarm of [...alarms].sort((one, other) => one.at - other.at)) {
      if (alarm.at <= elapsedMicros && alarms.delete(alarm)) {
        // As a timer does: not within the call of whoever set it.
        setImmediate(alarm.callback);
      }
    }
  }

  return {
    now: () => elapsedMicros + leaptMicros,
    after(delayMs, callback) {
      const alarm = { at: elapsedMicros + delayMs * 1000, callback };
      alarms.add(alarm);
      ring();
      return () => void alarms.delete(alarm);
    },
    advance(ms) {
      elapsedMicros += ms * 1000;
      ring();
    },
    leap(ms) {
      leaptMicros += ms * 1000;
    },
  };
}
