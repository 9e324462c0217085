import test from 'ava';
import fc from 'fast-check';
import { numbersPerPayment, receiptNumber } from '../../db/event-numbers.js';
import { rules } from '../../server/compose/rules.js';
import { recordEvent } from '../../server/ledger/record-event.js';
import { type Decision, defineRule, done, type Rules } from '../../server/ledger/rule.js';
import { auditBooks } from './support/audit.js';
import { callerOf, payment, registration } from './support/callers.js';
import { eventsOf } from './support/events-of.js';
import { numberOf } from './support/outcomes.js';
import { makePureBooks } from './support/pure-books.js';

const now = 1_795_370_400_000_000;
const moment = {
  service: { now, machineNow: now },
  machine: { now, machineNow: now },
};

interface Telling {
  readonly userId: number;
  readonly times: number;
}

const tellRule = defineRule<Telling>('tell', {
  needsTime: false,
  reads: () => [],
  decide(book, { userId, times }, circumstances) {
    for (let time = 0; time < times; time += 1) {
      recordEvent(book, circumstances.moment, userId, 'session.opened', { time });
    }
    return done;
  },
});

const withTelling: Rules = { ...rules, tell: tellRule };

/** Two people with pounds, over rules of which one tells them something as often as is said. */
function makeTown() {
  const books = makePureBooks(withTelling, ['GBP']);
  const [alice = 0, bob = 0] = books
    .decideAll([registration('alice'), registration('bob')], moment)
    .map((outcome) => numberOf('usr', outcome));
  let keys = 0;
  return {
    books,
    ids: [alice, bob] as const,
    tell: (userId: number, times: number): Decision => ({
      rule: tellRule.name as Decision['rule'],
      input: { userId, times },
      caller: callerOf(userId),
    }),
    pay(from: number, to: string, minor = 1): Decision {
      keys += 1;
      const amount = { minor, currency: 'GBP' };
      return payment(from, to, { amount }, { key: `key-${keys}` });
    },
  };
}

const typesAndNumbers = (town: ReturnType<typeof makeTown>, userId: number) =>
  eventsOf(town.books.store.tables, userId).map(({ type, id }) => [type, id]);

test('a transfer takes no event: its receiver is told by the entry, at the number that is kept for it', (t) => {
  const town = makeTown();
  const [alice, bob] = town.ids;
  const [paid] = town.books.decideAll([town.pay(alice, 'bob')], moment);
  const id = paid ? numberOf('pay', paid) : 0;
  t.deepEqual(town.books.store.tables.events, []);
  t.deepEqual(typesAndNumbers(town, bob), [['payment.received', receiptNumber(id)]]);
  t.deepEqual(typesAndNumbers(town, alice), []);
});

test('where more happens between two payments than there are numbers for, the next are told by events', (t) => {
  const town = makeTown();
  const [alice, bob] = town.ids;
  const one = (decision: Decision) => town.books.decideAll([decision], moment);
  const [first] = one(town.pay(alice, 'bob'));
  const id = first ? numberOf('pay', first) : 0;
  one(town.tell(bob, numbersPerPayment - 1));
  one(town.pay(alice, 'bob'));
  t.is(town.books.store.tables.events.length, numbersPerPayment - 1);
  one(town.tell(bob, numbersPerPayment));
  one(town.pay(alice, 'bob'));
  one(town.pay(alice, 'bob'));
  const told = typesAndNumbers(town, bob).filter(([type]) => type === 'payment.received');
  t.deepEqual(told, [
    ['payment.received', receiptNumber(id)],
    ['payment.received', receiptNumber(id + 1)],
    ['payment.received', receiptNumber(id + 2) + 1],
    ['payment.received', receiptNumber(id + 3)],
  ]);
  t.deepEqual(auditBooks(town.books.store.tables), []);
});

const act = fc.oneof(
  fc.record({ from: fc.nat(1), minor: fc.constantFrom(1, 5, 99_000, 1_000_000) }),
  fc.record({ tell: fc.nat(1), times: fc.constantFrom(0, 1, 2, 1_000, 1_023, 1_024, 3_000) }),
);

test('whatever happens in whatever batches, everybody is told all of it once and in order', (t) => {
  t.notThrows(() =>
    fc.assert(
      fc.property(
        fc.array(fc.array(act, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 6 }),
        (batches) => {
          const town = makeTown();
          const { store } = town.books;
          const expected: string[][] = [[], []];
          for (const acts of batches) {
            const decisions = acts.map((it) =>
              'tell' in it
                ? town.tell(town.ids[it.tell] ?? 0, it.times)
                : town.pay(town.ids[it.from] ?? 0, it.from === 0 ? 'bob' : 'alice', it.minor),
            );
            const outcomes = town.books.decideAll(decisions, moment);
            for (const [index, it] of acts.entries()) {
              if ('tell' in it) {
                expected[it.tell]?.push(...Array.from({ length: it.times }, () => 'session.opened'));
              } else if (outcomes[index]?.status === 201) {
                expected[1 - it.from]?.push('payment.received');
              }
            }
          }
          const told = town.ids.map((id) => eventsOf(store.tables, id));
          const numbers = told.flat().map(({ id }) => id);
          return (
            new Set(numbers).size === numbers.length &&
            told.every((events, who) => events.map(({ type }) => type).join() === expected[who]?.join()) &&
            auditBooks(store.tables).length === 0
          );
        },
      ),
      { numRuns: 60 },
    ),
  );
});
