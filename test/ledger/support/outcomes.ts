import type { ErrorCode } from '../../../server/errors.js';
import { type IdPrefix, rowNumber } from '../../../server/ids.js';
import type { Outcome } from '../../../server/ledger/outcome.js';

/** The body of an answer. */
// biome-ignore lint/suspicious/noExplicitAny: what a test expects of it is what the test says next.
export const bodyOf = ({ json }: Outcome): any => JSON.parse(json);

/** The code of a refusal, or undefined where it was accepted. */
export const codeOf = ({ code }: Outcome): ErrorCode | undefined => code ?? undefined;

/** The number of the row whose id the body is about. */
export function numberOf(prefix: IdPrefix, outcome: Outcome): number {
  const id = rowNumber(prefix, bodyOf(outcome).id);
  if (id === undefined) {
    throw new Error(`${outcome.json} has no id of the form ${prefix}_.`);
  }
  return id;
}
