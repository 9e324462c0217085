import type { ErrorCode } from '../../../server/errors.js';
import type { Outcome } from '../../../server/ledger/decide-batch.js';

/** The body of an answer. */
// biome-ignore lint/suspicious/noExplicitAny: what a test expects of it is what the test says next.
export const bodyOf = ({ json }: Outcome): any => JSON.parse(json);

/** The code of a refusal, or undefined where it was accepted. */
export const codeOf = ({ code }: Outcome): ErrorCode | undefined => code ?? undefined;
