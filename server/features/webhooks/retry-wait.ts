import { tolerableOffsetMicros } from '../../ledger/settle-time.js';

const secondMicros = 1_000_000;
const minuteMicros = 60 * secondMicros;
const hourMicros = 60 * minuteMicros;

const waitsMicros = [
  5 * secondMicros,
  30 * secondMicros,
  2 * minuteMicros,
  10 * minuteMicros,
  hourMicros,
  3 * hourMicros,
];
const longestWaitMicros = 6 * hourMicros;

/** For how long after its first failure a delivery is tried again, in microseconds. */
export const retryWindowMicros = 3 * 24 * hourMicros;

/**
 * How long to wait after so many failed attempts, at least one, in microseconds. `jitter`, from 0 to 1, draws it out by up to a
 * tenth, so that what failed together does not come back together.
 */
export function retryWaitMicros(attempts: number, jitter: number): number {
  const wait = waitsMicros[attempts - 1] ?? longestWaitMicros;
  return Math.round(wait * (1 + jitter / 10));
}

/**
 * The latest time that a next attempt can be due at, servers' clocks being as far apart as they may, in microseconds. One that is
 * due later is of a clock that was ahead, and would wait for as long as that was: it is due now.
 */
export const latestDue = (now: number): number =>
  now + retryWaitMicros(waitsMicros.length + 1, 1) + tolerableOffsetMicros;
