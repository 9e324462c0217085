import { deepStrictEqual } from 'node:assert';
import test from 'ava';
import fc from 'fast-check';
import { rules } from '../../../server/compose/rules.js';
import type { BatchMoment } from '../../../server/ledger/commit/decide-batch.js';
import type { Decision } from '../../../server/ledger/rule.js';
import { auditBooks } from '../../ledger/support/audit.js';
import { registration } from '../../ledger/support/callers.js';
import { bodyOf, numberOf } from '../../ledger/support/outcomes.js';
import { makePureBooks } from '../../ledger/support/pure-books.js';
import { decisionOf, type Name, names, people } from './support/act.js';
import { actOf, anyIntent, type Intent } from './support/intents.js';
import { judge, type Model, makeModel } from './support/model.js';
import { start } from './support/world.js';

/** Books in which the four have registered, at a time that stands still. */
function openBooks() {
  const moment = { now: start, machineNow: start };
  const batchMoment: BatchMoment = { service: moment, machine: moment };
  const books = makePureBooks(rules, ['GBP', 'USD', 'JPY']);
  const registrations = names.map((name) => {
    const { currency, credit: openingCredit } = people[name];
    return registration(name, { currency, openingCredit });
  });
  const ids = books.decideAll(registrations, batchMoment).map((outcome) => numberOf('usr', outcome));
  return {
    idOf: (name: Name) => ids[names.indexOf(name)] ?? 0,
    decide: (decisions: readonly Decision[]) => books.decideAll(decisions, batchMoment),
    tables: books.store.tables,
  };
}

/** Decides what is wished for one by one, and gives the decisions with what became of them. */
function oneByOne(intents: readonly Intent[]) {
  const books = openBooks();
  const model: Model = makeModel(start);
  const decisions: Decision[] = [];
  const outcomes: unknown[] = [];
  for (const intent of intents) {
    const act = actOf(model, intent);
    if (act) {
      const decision = { ...decisionOf(act, books.idOf), key: `key ${decisions.length}` };
      const [outcome] = books.decide([decision]);
      const verdict = judge(model, act);
      if (verdict.is === 'accepted' && outcome) {
        verdict.take(bodyOf(outcome));
      }
      decisions.push(decision);
      outcomes.push(outcome);
    }
  }
  return { decisions, outcomes, tables: books.tables };
}

test('a batch of any of these acts gives to the byte what they give one by one', (t) => {
  t.timeout(120_000);
  const intents = fc.array(anyIntent(false), { minLength: 1, maxLength: 60, size: 'max' });
  const holds = fc.property(intents, fc.integer({ min: 2, max: 60 }), (intended, size) => {
    const expected = oneByOne(intended);
    const books = openBooks();
    const outcomes: unknown[] = [];
    for (let place = 0; place < expected.decisions.length; place += size) {
      outcomes.push(...books.decide(expected.decisions.slice(place, place + size)));
    }
    deepStrictEqual(outcomes, expected.outcomes);
    deepStrictEqual(JSON.stringify(books.tables), JSON.stringify(expected.tables));
    deepStrictEqual(auditBooks(books.tables), []);
  });
  t.notThrows(() => fc.assert(holds, { numRuns: 300, includeErrorInReport: true }));
});
