import assert from 'node:assert/strict';
import type { StorageFailure } from '../../../db/transact.js';
import { Refusal } from '../../errors.js';
import type { Outcome } from '../outcome.js';
import type { Decision } from '../rule.js';
import { outcomeOfError } from './decide-batch.js';

/** A decision, and who waits for its outcome. */
export interface Waiting {
  readonly decision: Decision;
  readonly answer: (outcome: Outcome) => void;
}

/** Decisions with their outcomes, not yet answered. */
export interface Decided {
  readonly waiting: readonly Waiting[];
  readonly outcomes: readonly Outcome[];
}

export const decisionsOf = (waiting: readonly Waiting[]): readonly Decision[] =>
  waiting.map(({ decision }) => decision);

export function answerAll({ waiting, outcomes }: Decided): void {
  assert.equal(outcomes.length, waiting.length);
  for (const [index, { answer }] of waiting.entries()) {
    answer(outcomes[index] as Outcome);
  }
}

const storageUnavailable = (isOutcomeUnknown: boolean) =>
  new Refusal(
    'STORAGE_UNAVAILABLE',
    isOutcomeUnknown
      ? 'The database failed while it saved this. Whether it was saved is unknown: repeat it with the same Idempotency-Key, if it had one.'
      : 'The database cannot save anything now; nothing was changed. Repeat it with the same Idempotency-Key, if it had one.',
    { retryAfterSeconds: 5 },
  );

/** Answers that the database failed; without a failure, that it is not asked any more. */
export function refuseAll(waiting: readonly Waiting[], failure?: StorageFailure): void {
  const refusal = storageUnavailable(failure?.isOutcomeUnknown ?? false);
  for (const { decision, answer } of waiting) {
    answer({
      ...outcomeOfError(refusal, decision.caller.requestId),
      fault: failure?.message ?? null,
      storageFault: failure?.fault ?? null,
    });
  }
}
