import test from 'ava';
import fc from 'fast-check';
import { retryWaitMicros, retryWindowMicros } from '../../../server/features/webhooks/retry-wait.js';

const secondMicros = 1_000_000;

test('waits grow from five seconds to six hours', (t) => {
  const seconds = [1, 2, 3, 4, 5, 6, 7, 8, 20].map((attempts) => retryWaitMicros(attempts, 0) / secondMicros);
  t.deepEqual(seconds, [5, 30, 120, 600, 3_600, 10_800, 21_600, 21_600, 21_600]);
});

test('the window is three days', (t) => {
  t.is(retryWindowMicros / secondMicros, 3 * 24 * 60 * 60);
});

test('chance draws a wait out by a tenth at most, and never past the next one', (t) => {
  t.notThrows(() =>
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 100 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (attempts, jitter) => {
          const [plain, drawnOut] = [retryWaitMicros(attempts, 0), retryWaitMicros(attempts, jitter)];
          const isNext = attempts > 6 || drawnOut < retryWaitMicros(attempts + 1, 0);
          return Number.isSafeInteger(drawnOut) && drawnOut >= plain && drawnOut <= plain * 1.1 && isNext;
        },
      ),
    ),
  );
});

test('within the window there are about twenty attempts', (t) => {
  let [attempts, elapsed] = [1, 0];
  while (elapsed < retryWindowMicros) {
    elapsed += retryWaitMicros(attempts, 0.5);
    attempts += 1;
  }
  t.true(attempts > 15 && attempts < 25, `${attempts}`);
});
