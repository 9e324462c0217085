import { Refusal } from '../../errors.js';
import type { NumberedStep } from './span.js';

/** The most payments that are summed for one answer. */
export const mostSummed = 1_000_000;

interface Numbers {
  readonly first: number;
  readonly next: number;
}

/**
 * Refuses steps with more payments in them than are summed at once: VALIDATION_FAILED. `count` counts those that are looked
 * at, to just beyond the most; it is asked only where everybody's together are more.
 */
export async function refuseBeyondMost(
  steps: readonly NumberedStep[],
  count: (numbers: Numbers, most: number) => number | Promise<number>,
): Promise<void> {
  const numbers = { first: steps.at(-1)?.first ?? 0, next: steps[0]?.next ?? 0 };
  if (numbers.next - numbers.first > mostSummed && (await count(numbers, mostSummed)) > mostSummed) {
    const message = `must leave at most ${mostSummed.toLocaleString('en')} payments to be summed: ask for a shorter period`;
    throw new Refusal('VALIDATION_FAILED', `since: ${message}.`, { errors: [{ field: 'since', message }] });
  }
}
