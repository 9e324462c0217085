import { isRefusedFor } from '../../api/verdict.js';
import type { Run } from '../../command.js';
import { Failure } from '../../failure/failure.js';

/** A command of administrators: whoever is none, or may not act, is told so in one line and nothing else. */
export function asAdmin<Options extends object>(run: Run<Options>): Run<Options> {
  return async (context, operands, options) => {
    try {
      await run(context, operands, options);
    } catch (error) {
      if (isRefusedFor(error, 'FORBIDDEN', 'ACCOUNT_FROZEN')) {
        throw new Failure(error.kind, error.message, { ...error.details, next: [] });
      }
      throw error;
    }
  };
}
