import type { ErrorCode } from '../../errors.js';

/** How many calls were refused by limits since a time, in microseconds. */
export interface RefusalCounts {
  readonly sinceMicros: number;
  readonly limits: number;
  readonly rates: number;
  readonly busy: number;
}

export interface RefusalCounter {
  /** Takes in how a call ended; no code of one that was not refused. */
  note(code: ErrorCode | undefined): void;
  counts(): RefusalCounts;
}

const counted = { LIMIT_EXCEEDED: 'limits', RATE_LIMITED: 'rates', OVERLOADED: 'busy' } as const;

const isCounted = (code: ErrorCode | undefined): code is keyof typeof counted =>
  code !== undefined && Object.hasOwn(counted, code);

/** Counts what limits refuse from now on; three numbers, whatever happens. */
export function makeRefusalCounter(sinceMicros: number): RefusalCounter {
  const counts = { limits: 0, rates: 0, busy: 0 };
  return {
    note(code) {
      if (isCounted(code)) {
        counts[counted[code]] += 1;
      }
    },
    counts: () => ({ sinceMicros, ...counts }),
  };
}
