import test, { type ExecutionContext } from 'ava';
import { paymentBatch, writeInto } from '../../../db/batch-view.js';
import { newestLookup } from '../../../server/ledger/book/lookup.js';
import { RecentWrites, recentActMicros } from '../../../server/ledger/book/recent-writes.js';
import type { Ledger } from '../../../server/ledger/ledger.js';
import type { Decision } from '../../../server/ledger/rule.js';
import { auditBooks } from '../support/audit.js';
import { callerOf, payment, registration } from '../support/callers.js';
import { bodyOf, codeOf, numberOf } from '../support/outcomes.js';
import { openRealBooks } from '../support/real-books.js';
import { ruleNamed } from '../support/rule-named.js';

const opened = 1_795_370_400_000_000;

const amount = { minor: 1, currency: 'GBP' };

/** How many acts between two the database looks through for the like of one. */
const mostAlike = 256;

const like = (from: number, to: number, act: number, sinceMicros: number) =>
  newestLookup('payments', { from_user_id: from, to_user_id: to, act }, { by: 2, among: 9, sinceMicros });

const act = (from: number, to: number, number: number, at: number) => ({
  from_user_id: from,
  to_user_id: to,
  act: number,
  created_at: at,
});

test('acts are recalled since a time, and before it anything may be there', (t) => {
  const recentWrites = new RecentWrites(opened, [act(1, 2, 77, opened + 5)]);
  t.true(recentWrites.mayFind(like(1, 2, 77, opened)));
  t.false(recentWrites.mayFind(like(1, 2, 78, opened)));
  t.false(recentWrites.mayFind(like(2, 1, 77, opened)));
  t.true(recentWrites.mayFind(like(1, 2, 78, opened - 1)));
});

test('acts are forgotten no sooner than they are asked for', (t) => {
  const recentWrites = new RecentWrites(opened, []);
  const minute = 60_000_000;
  for (let number = 0; number < 120; number += 1) {
    const now = opened + number * minute;
    recentWrites.note('payments', act(1, 2, number, now));
    for (let recent = number; recent >= 0 && (number - recent) * minute < recentActMicros; recent -= 1) {
      t.true(recentWrites.mayFind(like(1, 2, recent, now - recentActMicros)));
    }
    t.false(recentWrites.mayFind(like(1, 2, 1_000 + number, Math.max(opened, now - recentActMicros))));
  }
  t.false(recentWrites.mayFind(like(1, 2, 0, opened + 110 * minute)));
});

/** Two people, the first a person rather than a script, and what the database is asked from then on. */
async function twoPeople(t: ExecutionContext) {
  const books = await openRealBooks(t);
  const outcomes = await Promise.all(['alice', 'bob'].map((name) => books.ledger.decide(registration(name))));
  const [alice = 0] = outcomes.map((outcome) => numberOf('usr', outcome));
  const statements: string[] = [];
  books.writer.on('query', ({ sql }: { readonly sql: string }) => statements.push(sql));
  const pay = (key: string, minor: number, rest: Partial<Decision> = {}) =>
    payment(alice, 'bob', { amount: { minor, currency: 'GBP' } }, { key, ...rest });
  return { ...books, alice, statements, pay, asPerson: { caller: { ...callerOf(alice), isPerson: true } } };
}

const decideAll = (ledger: Ledger, decisions: readonly Decision[]) =>
  Promise.all(decisions.map((decision) => ledger.decide(decision)));

test('of people who are known a new payment is one statement: nothing is looked up', async (t) => {
  const { ledger, statements, pay, asPerson } = await twoPeople(t);
  await ledger.decide(pay('first', 1, asPerson));
  statements.length = 0;
  t.is((await ledger.decide(pay('second', 2, asPerson))).status, 201);
  t.deepEqual(statements, [writeInto(paymentBatch)]);
});

test('a key of long ago gets its first answer, and its neighbours happen once', async (t) => {
  const { reopen, ledger, statements, pay, rows, tables } = await twoPeople(t);
  const [first, second] = await decideAll(ledger, [pay('old', 1), pay('older', 2)]);
  // A ledger that has just begun recalls no keys.
  const later = await reopen();
  const between = await decideAll(later, [pay('new 1', 3), pay('old', 1), pay('new 2', 4)]);
  t.deepEqual(between[1], { ...first, isReplay: true });
  t.deepEqual(
    between.map(({ status, isReplay }) => [status, isReplay]),
    [
      [201, false],
      [201, true],
      [201, false],
    ],
  );
  t.is((await rows('payments')).length, 2 + 4);
  // Who has repeated one is looked up from now on, so that nobody else's batch is decided twice for it again.
  statements.length = 0;
  t.deepEqual(await later.decide(pay('older', 2)), { ...second, isReplay: true });
  t.false(statements.some((sql) => sql.startsWith('insert')));
  t.deepEqual(auditBooks(await tables()), []);
});

test('a key of long ago stands for what it stood for', async (t) => {
  const { reopen, ledger, pay, rows } = await twoPeople(t);
  await ledger.decide(pay('old', 1));
  const later = await reopen();
  const outcomes = await decideAll(later, [pay('new', 2), pay('old', 5)]);
  t.deepEqual(outcomes.map(codeOf), [undefined, 'IDEMPOTENCY_KEY_REUSED']);
  t.is((await rows('payments')).length, 2 + 2);
});

test('a key of long ago gets its first answer although its act would be refused now without a trace', async (t) => {
  const { reopen, ledger, pay } = await twoPeople(t);
  const [paid, refused] = await decideAll(ledger, [pay('old', 1), pay('beyond', 1_000_000)]);
  const withoutTime = await reopen({ askTime: () => Promise.reject(new Error('no answer')) });
  const outcomes = await decideAll(withoutTime, [pay('old', 1), pay('new', 1), pay('beyond', 1_000_000)]);
  t.deepEqual(outcomes[0], { ...paid, isReplay: true } as typeof paid);
  t.is(codeOf(outcomes[1] as typeof paid & object), 'CLOCK_UNAVAILABLE');
  t.deepEqual(outcomes[2], { ...refused, isReplay: true } as typeof refused);
});

test('what a person has paid before a restart is recalled after it', async (t) => {
  const { reopen, ledger, pay, asPerson } = await twoPeople(t);
  t.is((await ledger.decide(pay('1', 1, asPerson))).status, 201);
  const later = await reopen();
  const outcomes = await decideAll(later, [pay('2', 1, asPerson), pay('3', 2, asPerson)]);
  t.deepEqual(outcomes.map(codeOf), ['POSSIBLE_DUPLICATE', undefined]);
});

test('the same may be paid as often as one says that it is meant, and the newest is the one to name', async (t) => {
  const { ledger, alice, asPerson } = await twoPeople(t);
  const pay = (confirmed: string | undefined, isPerson: boolean) =>
    ledger.decide(
      payment(
        alice,
        'bob',
        { amount, ...(confirmed !== undefined && { confirmDuplicateOf: confirmed }) },
        isPerson ? asPerson : {},
      ),
    );
  let newest: string | undefined;
  for (let times = 0; times < 2 * mostAlike; times += 1) {
    const paid = await pay(newest, true);
    t.is(paid.status, 201, paid.fault ?? paid.json);
    newest = String(bodyOf(paid).id);
  }
  // What scripts have paid in the same batch counts as well, however much that is.
  const byScripts = Array.from({ length: 2 * mostAlike }, () => pay(undefined, false));
  const refused = pay(newest, true);
  const outcomes = await Promise.all(byScripts);
  t.true(outcomes.every(({ status }) => status === 201));
  const { id } = outcomes.map(bodyOf).at(-1);
  t.like(bodyOf(await refused), { code: 'POSSIBLE_DUPLICATE', duplicateOf: id });
});

test('what is refused without a trace is looked up together, and holds up no neighbour', async (t) => {
  const { ledger, alice, statements, pay } = await twoPeople(t);
  const isOver = (place: number): Decision => ({
    rule: ruleNamed('create-request'),
    input: { requesterId: alice, from: 'bob', amount, memo: null, expiresAt: 1 },
    facts: { checkFunds: false },
    caller: callerOf(alice),
    key: `over ${place}`,
  });
  await ledger.settled();
  statements.length = 0;
  const decisions = Array.from({ length: 40 }, (_, place) => [isOver(place), pay(`${place}`, place + 1)]);
  const outcomes = await decideAll(ledger, decisions.flat());
  const codes = ['VALIDATION_FAILED', undefined] as const;
  t.deepEqual(outcomes.map(codeOf), Array.from({ length: 40 }, () => codes).flat());
  t.true(statements.length < 10, `${statements.length} statements`);
});
