import test from 'ava';
import { mostSummed, refuseBeyondMost } from '../../../server/features/summaries/most-summed.js';
import type { NumberedStep } from '../../../server/features/summaries/span.js';

const step = (first: number, next: number): NumberedStep => ({ first, next }) as NumberedStep;

test('a million payments are summed, one more is refused with what to do', async (t) => {
  t.is(mostSummed, 1_000_000);
  const asked: number[] = [];
  const counting = (found: number) => (_numbers: object, most: number) => {
    asked.push(most);
    return found;
  };
  await refuseBeyondMost([step(1, mostSummed + 2)], counting(mostSummed));
  await t.throwsAsync(refuseBeyondMost([step(1, mostSummed + 2)], counting(mostSummed + 1)), {
    message: /since: must leave at most 1,000,000 payments to be summed: ask for a shorter period/,
  });
  t.deepEqual(asked, [mostSummed, mostSummed]);
});

test('all steps count together, and nobody counts where all payments there are are few enough', async (t) => {
  const never = () => t.fail('counted');
  await refuseBeyondMost([step(500_001, 1_000_001), step(1, 500_001)], never as () => number);
  await refuseBeyondMost([], never as () => number);
  await t.throwsAsync(
    refuseBeyondMost([step(500_001, 1_000_002), step(1, 500_001)], () => mostSummed + 1),
    { message: /a shorter period/ },
  );
});
