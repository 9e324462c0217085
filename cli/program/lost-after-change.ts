import { Failure } from '../failure/failure.js';

/**
 * The failure of a command that could not show its result: where it has changed something before, that was done, and whoever
 * reads only the status must not take it for a failure and do it again.
 */
export function lostAfterChange(error: unknown, look: readonly string[] | undefined): unknown {
  if (!(error instanceof Failure && error.details.isOfResult) || look === undefined) {
    return error;
  }
  return new Failure('unknown', `It was done. Only the result was lost (${error.message}).`, {
    next: look,
    figures: { title: 'It was done. The message says how to see it.' },
    cause: error,
  });
}
