import { deepStrictEqual } from 'node:assert';
import test from 'ava';
import fc from 'fast-check';
import type { Ledger } from '../../server/ledger/ledger.js';
import { auditBooks } from './support/audit.js';
import { type Answered, assertOutcome, assertPreviewHeld, assertState, learnIds } from './support/compare.js';
import { makeModel } from './support/model/model.js';
import { openRealBooks, type RealBooks } from './support/real-books.js';
import { anyStory, type Wave } from './support/story/commands.js';
import { makeTeller, type Teller } from './support/story/story.js';

/** The answers of the timestamp service: a clock that moves on, told late by up to 5 s, as is allowed. */
function laggingTime(lagsMicros: readonly number[]) {
  let asked = 0;
  let machine = 1_795_370_400_000_000;
  return {
    machineMicros: () => machine,
    async askTime() {
      machine += 3;
      asked += 1;
      return machine - (lagsMicros[asked % lagsMicros.length] ?? 0);
    },
  };
}

async function toggle(teller: Teller, books: RealBooks, which: number | null): Promise<void> {
  const user = which === null ? undefined : teller.pickUser(which);
  if (user?.id !== undefined) {
    user.isFrozen = !user.isFrozen;
    await books.setStatus(user.id, user.isFrozen ? 'frozen' : 'active');
  }
}

/** Plays a story to a real database, the decisions of each wave at once, and judges the rows after each. */
async function play(story: readonly Wave[], books: RealBooks, ledger: Ledger): Promise<number> {
  const model = makeModel();
  const teller = makeTeller(model);
  const answered: Answered = new Map();
  for (const { toggled, commands } of story) {
    await toggle(teller, books, toggled);
    const planned = commands.flatMap((command) => teller.plan(command));
    const outcomes = await Promise.all(planned.map(({ decision }) => ledger.decide(decision)));
    for (const [index, outcome] of outcomes.entries()) {
      const plan = planned[index];
      if (plan) {
        assertOutcome(plan, outcome, answered);
        assertPreviewHeld(plan, answered);
      }
    }
    const tables = await books.tables();
    learnIds(model, tables);
    assertState(model, tables);
    deepStrictEqual(auditBooks(tables), []);
  }
  return answered.size;
}

test('a real database does as the model says in thousands of random decisions, decided in batches', async (t) => {
  let decided = 0;
  const lags = fc.array(fc.integer({ min: 0, max: 4_999_000 }), { minLength: 1, maxLength: 20 });
  const holds = fc.asyncProperty(anyStory(16, 40), lags, async (story, lagsMicros) => {
    const books = await openRealBooks(t, laggingTime(lagsMicros));
    decided += await play(story, books, books.ledger);
  });
  await t.notThrowsAsync(fc.assert(holds, { numRuns: 15, endOnFailure: true, includeErrorInReport: true }));

  t.true(decided > 1_000, `${decided}`);
});
