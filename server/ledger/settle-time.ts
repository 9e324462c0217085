import { Refusal } from '../errors.js';

const tolerableLagMicros = 5_000_000;
const tolerableOffsetMicros = 300_000_000;

export function clockUnavailable(why: string): Refusal {
  return new Refusal(
    'CLOCK_UNAVAILABLE',
    `${why} No money was moved by this request. Repeat it in a moment, with the same Idempotency-Key if it had one.`,
    { retryAfterSeconds: 2 },
  );
}

/**
 * The time that the payments of a batch carry, in microseconds: what the timestamp service answered, unless that
 * lies. Never at or before `newest`, the time of the newest payment. Throws CLOCK_UNAVAILABLE for an answer more than
 * 5 s behind it or more than five minutes off the machine's own clock.
 */
export function settleTime(answered: number, newest: number, machine: number): number {
  if (!Number.isSafeInteger(answered) || Math.abs(answered - machine) > tolerableOffsetMicros) {
    throw clockUnavailable("The timestamp service's time is more than five minutes off the server's clock.");
  }
  if (answered > newest) {
    return answered;
  }
  if (newest - answered > tolerableLagMicros) {
    throw clockUnavailable("The timestamp service's time is behind the newest payment.");
  }
  return newest + 1;
}
