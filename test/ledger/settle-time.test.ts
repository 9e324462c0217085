import test from 'ava';
import fc from 'fast-check';
import { Refusal } from '../../server/errors.js';
import { settleTime } from '../../server/ledger/settle-time.js';

const second = 1_000_000;
const now = 1_795_370_400_000_000;

/** The time that was settled, or the code of the refusal. */
function settled(answered: number, newest: number, machine: number): number | string {
  try {
    return settleTime(answered, newest, machine);
  } catch (error) {
    return error instanceof Refusal ? error.code : String(error);
  }
}

const cases = [
  { of: 'an answer after the newest payment is taken as it is', answered: now, newest: now - 1, gives: now },
  { of: 'the first payment of all takes the answer', answered: now, newest: 0, gives: now },
  { of: 'the same microsecond becomes the next one', answered: now, newest: now, gives: now + 1 },
  {
    of: 'one microsecond behind becomes the one after the newest',
    answered: now,
    newest: now + 1,
    gives: now + 2,
  },
  {
    of: 'five seconds behind are made up for',
    answered: now,
    newest: now + 5 * second,
    gives: now + 5 * second + 1,
  },
  {
    of: 'a microsecond more than five seconds behind is refused',
    answered: now,
    newest: now + 5 * second + 1,
    gives: 'CLOCK_UNAVAILABLE',
  },
  {
    of: "five minutes before the machine's clock are taken",
    answered: now,
    machine: now + 300 * second,
    gives: now,
  },
  {
    of: "five minutes after the machine's clock are taken",
    answered: now,
    machine: now - 300 * second,
    gives: now,
  },
  {
    of: 'a microsecond more than five minutes before is refused',
    answered: now,
    machine: now + 300 * second + 1,
    gives: 'CLOCK_UNAVAILABLE',
  },
  {
    of: 'a microsecond more than five minutes after is refused',
    answered: now,
    machine: now - 300 * second - 1,
    gives: 'CLOCK_UNAVAILABLE',
  },
  { of: 'zero is refused', answered: 0, gives: 'CLOCK_UNAVAILABLE' },
  { of: 'a fraction is refused', answered: now + 0.5, gives: 'CLOCK_UNAVAILABLE' },
  { of: 'what is no number is refused', answered: Number.NaN, gives: 'CLOCK_UNAVAILABLE' },
  { of: 'infinity is refused', answered: Number.POSITIVE_INFINITY, gives: 'CLOCK_UNAVAILABLE' },
] as const;

for (const { of, gives, ...given } of cases) {
  test(of, (t) => {
    const { answered, newest, machine } = { newest: 0, machine: now, ...given };
    t.is(settled(answered, newest, machine), gives);
  });
}

test('a refusal says when to try again', (t) => {
  const refusal = t.throws(() => settleTime(0, 0, now), { instanceOf: Refusal });
  t.is(refusal?.details.retryAfterSeconds, 2);
  t.is(refusal?.status, 503);
});

test('a refusal says when a clock a little behind has caught up, and not of one that has to be set', (t) => {
  const waitFor = (behindSeconds: number) => {
    const answered = now - behindSeconds * second;
    const refusal = t.throws(() => settleTime(answered, now, answered), { instanceOf: Refusal });
    return refusal?.details.retryAfterSeconds;
  };
  t.is(waitFor(65), 60);
  t.is(waitFor(305), 300);
  t.is(waitFor(306), 2);
  t.is(waitFor(58 * 365 * 86_400), 2);
});

test('however the service answers, times only grow and stay within five seconds of an answer', (t) => {
  const anyAnswer = fc.integer({ min: now - 400 * second, max: now + 400 * second });
  const nearAnswer = fc.integer({ min: now - 6 * second, max: now + 6 * second });
  const grows = fc.property(fc.array(fc.oneof(nearAnswer, anyAnswer), { maxLength: 50 }), (answers) => {
    let newest = 0;
    for (const answered of answers) {
      const time = settled(answered, newest, now);
      if (typeof time === 'number') {
        const isRight = time > newest && time >= answered && time - answered <= 5 * second + 1;
        if (!isRight || Math.abs(answered - now) > 300 * second) {
          return false;
        }
        newest = time;
      } else if (newest - answered <= 5 * second && Math.abs(answered - now) <= 300 * second) {
        return false;
      }
    }
    return true;
  });
  t.notThrows(() => fc.assert(grows, { numRuns: 3_000 }));
});
