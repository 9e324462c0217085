import { isRefusedFor } from '../api/verdict.js';
import { Failure } from '../failure/failure.js';
import { clockTime, timeUntil } from '../terminal/time.js';

/** A reminder that comes too early is refused by a rule, and not for want of a server that has time; any other error as it is. */
export function tooEarly(error: unknown, message: string, now: Date): unknown {
  const at = isRefusedFor(error, 'RATE_LIMITED') ? error.details.problem?.remindableAt : undefined;
  return error instanceof Failure && typeof at === 'string'
    ? new Failure('refused', message, {
        ...error.details,
        next: [`Again ${timeUntil(at, now)}, at ${clockTime(at, now)}`],
      })
    : error;
}
