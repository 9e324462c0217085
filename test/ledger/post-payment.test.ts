import test from 'ava';
import { rules } from '../../server/compose/rules.js';
import { payment, registration } from './support/callers.js';
import { numberOf } from './support/outcomes.js';
import { makePureBooks } from './support/pure-books.js';

const now = 1_795_370_400_000_000;
const moment = {
  service: { now, machineNow: now },
  machine: { now, machineNow: now },
};

for (const minor of [-500, 0.5]) {
  test(`a rule that would move ${minor} minor units is a fault, and the books stay as they are`, (t) => {
    const books = makePureBooks(rules, ['GBP']);
    const [alice = 0] = books
      .decideAll([registration('alice'), registration('bob')], moment)
      .map((outcome) => numberOf('usr', outcome));
    const before = structuredClone(books.store.tables);
    const [outcome] = books.decideAll(
      [payment(alice, 'bob', { amount: { minor, currency: 'GBP' } }, { key: 'key' })],
      moment,
    );
    t.is(outcome?.status, 500, outcome?.json);
    t.regex(outcome?.fault ?? '', /minor units of GBP/);
    t.deepEqual(books.store.tables, before);
  });
}
