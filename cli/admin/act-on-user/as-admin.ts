import type { Run } from '../../command.js';
import { Failure } from '../../failure.js';

const refusals: readonly unknown[] = ['FORBIDDEN', 'ACCOUNT_FROZEN'];

/** A command of administrators: whoever is none, or may not act, is told so in one line and nothing else. */
export function asAdmin<Options extends object>(run: Run<Options>): Run<Options> {
  return async (context, operands, options) => {
    try {
      await run(context, operands, options);
    } catch (error) {
      if (error instanceof Failure && refusals.includes(error.details.problem?.code)) {
        throw new Failure(error.kind, error.message, { ...error.details, next: [] });
      }
      throw error;
    }
  };
}
