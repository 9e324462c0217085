import test from 'ava';
import fc from 'fast-check';
import { codeOf } from '../../ledger/support/outcomes.js';
import type { Act } from '../requests/support/act.js';
import { day, makeWorld, pounds } from '../requests/support/world.js';

interface Step {
  /** Microseconds to let pass first. */
  readonly wait: number;
  readonly by: 'alice' | 'bob';
  /** Minor units of each of the payments that arrive together. */
  readonly amounts: readonly number[];
}

interface Limits {
  readonly perPayment?: number;
  readonly perDay?: number;
}

const wait = fc.oneof(
  fc.constantFrom(0, 1, day - 2, day - 1, day, day + 1, day / 2),
  fc.integer({ min: 0, max: day }),
);
const step: fc.Arbitrary<Step> = fc.record({
  wait,
  by: fc.constantFrom('alice', 'bob'),
  amounts: fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 3 }),
});
const limits: fc.Arbitrary<Limits> = fc.record(
  { perPayment: fc.integer({ min: 1, max: 70 }), perDay: fc.integer({ min: 1, max: 150 }) },
  { requiredKeys: [] },
);

interface Paid {
  readonly by: string;
  readonly at: number;
  readonly minor: number;
}

/** The answer that has to be given, found without the ledger: by looking at all that was paid. */
function fits(
  paid: readonly Paid[],
  next: Paid,
  { perPayment = Infinity, perDay = Infinity }: Limits,
): boolean {
  const withinDay = paid.filter(({ by, at }) => by === next.by && at > next.at - day);
  const used = withinDay.reduce((sum, { minor }) => sum + minor, 0);
  return next.minor <= perPayment && used + next.minor <= perDay;
}

test('a payment passes exactly when it fits, so that no day that rolls by holds more than its limit', (t) => {
  let passed = 0;
  let refused = 0;
  const holds = fc.property(limits, limits, fc.array(step, { maxLength: 25 }), (ofAll, ofBob, steps) => {
    const world = makeWorld();
    world.setLimit('GBP', ofAll);
    world.setLimit('bob', ofBob);
    const limitsOf = { alice: ofAll, bob: { ...ofAll, ...ofBob } };
    const paid: Paid[] = [];
    for (const { wait: micros, by, amounts } of steps) {
      world.clock.machine += micros;
      const acts = amounts.map((minor): Act => ({ is: 'pay', by, to: 'carol', money: pounds(minor) }));
      const outcomes = world.doTogether(acts);
      for (const [place, minor] of amounts.entries()) {
        const next = { by, at: world.clock.service, minor };
        const isPaid = fits(paid, next, limitsOf[by]);
        const code = outcomes[place] && codeOf(outcomes[place]);
        if (code !== (isPaid ? undefined : 'LIMIT_EXCEEDED')) {
          return false;
        }
        if (isPaid) {
          paid.push(next);
        }
        passed += isPaid ? 1 : 0;
        refused += isPaid ? 0 : 1;
      }
    }
    return Object.entries(limitsOf).every(([by, { perDay = Infinity }]) =>
      paid.every((from) => {
        const day24 = paid.filter((one) => one.by === by && one.at >= from.at && one.at < from.at + day);
        return day24.reduce((sum, { minor }) => sum + minor, 0) <= perDay;
      }),
    );
  });
  t.notThrows(() => fc.assert(holds, { numRuns: 200 }));
  t.true(passed > 200 && refused > 200, `${passed} passed, ${refused} refused`);
});
