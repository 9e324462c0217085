import test from 'ava';
import { StorageFailure } from '../../../db/transact.js';
import { refuseAll } from '../../../server/ledger/commit/waiting.js';
import type { Outcome } from '../../../server/ledger/outcome.js';
import { payment } from '../support/callers.js';
import { bodyOf } from '../support/outcomes.js';

for (const [isOutcomeUnknown, sentence, other] of [
  [true, /Whether it was saved is unknown/, /nothing was changed/],
  [false, /nothing was changed/, /unknown/],
] as const) {
  test(`who waits is told the truth where the outcome is ${isOutcomeUnknown ? 'unknown' : 'known'}`, (t) => {
    const outcomes: Outcome[] = [];
    const waiting = {
      decision: payment(1, 'bob'),
      answer: (outcome: Outcome) => void outcomes.push(outcome),
    };
    refuseAll([waiting], new StorageFailure('broken', isOutcomeUnknown, new Error('disk')));
    const [{ code, detail }] = outcomes.map(bodyOf) as [{ code: string; detail: string }];
    t.is(code, 'STORAGE_UNAVAILABLE');
    t.regex(detail, sentence);
    t.notRegex(detail, other);
  });
}
