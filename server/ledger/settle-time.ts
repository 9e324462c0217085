import { Refusal } from '../errors.js';

const tolerableLagMicros = 5_000_000;
/** How far the timestamp service may be off the machine's clock, in microseconds. */
export const tolerableOffsetMicros = 300_000_000;

export function clockUnavailable(why: string, retryAfterSeconds = 2): Refusal {
  return new Refusal(
    'CLOCK_UNAVAILABLE',
    `${why} No money was moved by this request. Repeat it in a moment, with the same Idempotency-Key if it had one.`,
    { retryAfterSeconds },
  );
}

interface TimeProblem {
  readonly why: string;
  /** After how long a service that goes right is believed again, where that can be told: one far behind waits for whoever sets it. */
  readonly retryAfterSeconds?: number;
}

/** The reason why a time that the service answered is not believed, all in microseconds; undefined where it is. */
export function timeProblem(answered: number, newest: number, machine: number): TimeProblem | undefined {
  if (!Number.isSafeInteger(answered) || Math.abs(answered - machine) > tolerableOffsetMicros) {
    return { why: "The timestamp service's time is more than five minutes off the server's clock." };
  }
  const behindMicros = newest - answered - tolerableLagMicros;
  return behindMicros > 0
    ? {
        why: "The timestamp service's time is behind the newest payment.",
        ...(behindMicros <= tolerableOffsetMicros && {
          retryAfterSeconds: Math.ceil(behindMicros / 1_000_000),
        }),
      }
    : undefined;
}

/**
 * The time that the payments of a batch carry, in microseconds: what the timestamp service answered, unless that
 * lies. Never at or before `newest`, the time of the newest payment. Throws CLOCK_UNAVAILABLE for an answer more than
 * 5 s behind it or more than five minutes off the machine's own clock.
 */
export function settleTime(answered: number, newest: number, machine: number): number {
  const problem = timeProblem(answered, newest, machine);
  if (problem !== undefined) {
    throw clockUnavailable(problem.why, problem.retryAfterSeconds);
  }
  return Math.max(answered, newest + 1);
}
