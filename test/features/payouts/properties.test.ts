import test from 'ava';
import fc from 'fast-check';
import { auditBooks } from '../../ledger/support/audit.js';
import { bodyOf, codeOf } from '../../ledger/support/outcomes.js';
import type { Name, PayoutLine } from '../requests/support/act.js';
import { makeWorld, type World } from '../requests/support/world.js';

/** Lines that are mostly good: three who can be paid, oneself and nobody; amounts that may be too much or nothing. */
const line: fc.Arbitrary<PayoutLine> = fc.record({
  to: fc.oneof(
    { weight: 12, arbitrary: fc.constantFrom('bob', 'carol', 'yuki') },
    { weight: 1, arbitrary: fc.constantFrom('alice', 'nobody') },
  ),
  money: fc.record({
    minor: fc.oneof(
      { weight: 6, arbitrary: fc.integer({ min: 1, max: 9_000 }) },
      { weight: 1, arbitrary: fc.integer({ min: 1, max: 120_000 }) },
    ),
    currency: fc.oneof(
      { weight: 8, arbitrary: fc.constant('GBP') },
      { weight: 1, arbitrary: fc.constantFrom('USD', 'JPY') },
    ),
  }),
  memo: fc.string({ minLength: 1, maxLength: 5 }),
});

const lines = fc.array(line, { minLength: 1, maxLength: 15 });

/** Somebody who does not deal with alice; often nobody. */
const blocker = fc.option(fc.constantFrom<Name>('bob', 'carol', 'yuki'), { nil: undefined, freq: 3 });

function makeScene(blockedBy: Name | undefined): World {
  const world = makeWorld();
  if (blockedBy !== undefined) {
    world.do({ is: 'block', by: blockedBy, whom: 'alice' });
  }
  return world;
}

/** The essence of an answer, which does not depend on when it was decided and what it was called. */
function essence({ status, payment, error }: { status: number; payment?: object; error?: object }) {
  const { id: _id, createdAt: _createdAt, ...paid } = (payment ?? {}) as Record<string, unknown>;
  const { code, detail } = (error ?? {}) as Record<string, unknown>;
  return { status, paid, code, detail };
}

test('each comes to the same as the payments alone, one after another', (t) => {
  fc.assert(
    fc.property(lines, blocker, (items, blockedBy) => {
      const [together, alone] = [makeScene(blockedBy), makeScene(blockedBy)];
      const whole = together.do({ is: 'payout', by: 'alice', mode: 'each', items });
      const { results, totals } = bodyOf(whole);
      const singles = items.map((item) => {
        const outcome = alone.do({ is: 'pay', by: 'alice', ...item, to: item.to as Name });
        const body = bodyOf(outcome);
        return codeOf(outcome) === undefined
          ? { status: outcome.status, payment: body }
          : { status: outcome.status, error: body };
      });
      const [refused] = singles.every(({ status }) => status >= 400) ? singles : [];
      if (refused) {
        t.deepEqual([whole.status, codeOf(whole)], [refused.status, refused.error?.code]);
        t.deepEqual(
          bodyOf(whole).items.map(({ code }: { code: string }) => code),
          singles.map(({ error }) => error?.code),
        );
      } else {
        t.deepEqual(results.map(essence), singles.map(essence));
      }
      t.deepEqual(together.balances(), alone.balances());
      t.is(totals.paid, singles.filter(({ status }) => status === 201).length);
      t.deepEqual(auditBooks(together.tables), []);
    }),
    { numRuns: 150 },
  );
});

test('all pays everybody exactly where each would refuse nobody, and nobody otherwise', (t) => {
  fc.assert(
    fc.property(lines, blocker, (items, blockedBy) => {
      const [whole, each] = [makeScene(blockedBy), makeScene(blockedBy)];
      const before = whole.balances();
      const told = whole.tables.events.length;
      const { totals } = bodyOf(each.do({ is: 'payout', by: 'alice', mode: 'each', items }));
      const outcome = whole.do({ is: 'payout', by: 'alice', mode: 'all', items });
      if (totals.refused === 0) {
        t.is(outcome.status, 201);
        t.deepEqual(bodyOf(outcome).totals, totals);
        t.deepEqual(whole.balances(), each.balances());
      } else {
        t.true(outcome.status >= 400);
        t.deepEqual(whole.balances(), before);
        t.is(whole.tables.events.length, told);
      }
      t.deepEqual(auditBooks(whole.tables), []);
    }),
    { numRuns: 150 },
  );
});

test('a dry run tells what the real one then does', (t) => {
  fc.assert(
    fc.property(lines, fc.constantFrom('each', 'all'), (items, mode) => {
      const world = makeWorld();
      const act = { is: 'payout', by: 'alice', mode, items } as const;
      const dry = world.do(act, { isDryRun: true });
      const real = world.do(act);
      t.is(codeOf(dry), codeOf(real));
      t.deepEqual(bodyOf(dry).totals, bodyOf(real).totals);
    }),
    { numRuns: 100 },
  );
});
