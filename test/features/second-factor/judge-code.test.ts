import test from 'ava';
import fc from 'fast-check';
import { judgeCode } from '../../../server/features/second-factor/judge-code.js';
import { stepAt } from '../../../server/features/second-factor/time-codes.js';

const periodMicros = 30_000_000;
const hash = (of: number) => of.toString(16).padStart(64, '0');

const rows = fc.record({
  secret: fc.constantFrom('one', 'another'),
  last_step: fc.integer({ min: 0, max: 12 }),
  recovery: fc.uniqueArray(fc.integer({ min: 0, max: 9 })).map((codes) => codes.map(hash).join(' ')),
});

const shownCodes = fc.record({
  secret: fc.constant('one'),
  steps: fc.uniqueArray(fc.integer({ min: 0, max: 14 }), { maxLength: 3 }),
  recoveryHash: fc.option(fc.integer({ min: 0, max: 9 }).map(hash)),
});

const moments = fc.integer({ min: 0, max: 14 * periodMicros });

test('a code of the app counts within a step of now, after every one that was used, and for its own secret alone', (t) => {
  fc.assert(
    fc.property(rows, shownCodes, moments, (row, shown, now) => {
      const used = judgeCode(row, { ...shown, recoveryHash: null }, now);
      const isRight = (step: number) => Math.abs(step - stepAt(now)) <= 1 && step > row.last_step;
      t.is(used !== undefined, row.secret === 'one' && shown.steps.some(isRight));
      if (used !== undefined) {
        t.true('last_step' in used && isRight(used.last_step));
      }
    }),
    { numRuns: 500 },
  );
});

test('a recovery code counts while it is left, and leaves all others', (t) => {
  fc.assert(
    fc.property(rows, shownCodes, moments, (row, shown, now) => {
      const left = row.recovery.split(' ');
      const used = judgeCode(row, { ...shown, steps: [] }, now);
      const isLeft = shown.recoveryHash !== null && left.includes(shown.recoveryHash);
      t.is(used !== undefined, row.secret === 'one' && isLeft);
      if (used !== undefined) {
        t.true('recovery' in used);
        const after = 'recovery' in used ? used.recovery.split(' ').filter((one) => one !== '') : [];
        t.deepEqual(
          after,
          left.filter((one) => one !== shown.recoveryHash),
        );
      }
    }),
    { numRuns: 500 },
  );
});

test('no code ever counts twice, in whatever order codes of three steps come', (t) => {
  const shows = fc.array(fc.tuple(fc.integer({ min: 4, max: 8 }), fc.integer({ min: 0, max: 59 })), {
    maxLength: 30,
  });
  fc.assert(
    fc.property(shows, (tries) => {
      let row = { secret: 'one', last_step: 0, recovery: '' };
      const counted: number[] = [];
      const inTime = tries.toSorted(([, one], [, other]) => one - other);
      for (const [step, seconds] of inTime) {
        const now = 5 * periodMicros + seconds * 1_000_000;
        const used = judgeCode(row, { secret: 'one', steps: [step], recoveryHash: null }, now);
        if (used !== undefined) {
          row = { ...row, ...used };
          counted.push(step);
        }
      }
      t.is(new Set(counted).size, counted.length);
      t.deepEqual(
        counted,
        counted.toSorted((one, other) => one - other),
      );
    }),
    { numRuns: 500 },
  );
});
