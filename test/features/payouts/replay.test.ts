import test, { type ExecutionContext } from 'ava';
import { auditBooks } from '../../ledger/support/audit.js';
import { callerOf, registration } from '../../ledger/support/callers.js';
import { bodyOf, codeOf, numberOf } from '../../ledger/support/outcomes.js';
import { openRealBooks } from '../../ledger/support/real-books.js';
import { ruleNamed } from '../../ledger/support/rule-named.js';

interface Line {
  readonly to: string;
  readonly minor?: number;
  readonly currency?: string;
}

/** Alice, who has a thousand pounds, bob and carol. Gives what pays them, in a ledger over a real database. */
async function openScene(t: ExecutionContext) {
  const books = await openRealBooks(t);
  const [alice = 0] = await Promise.all(
    ['Alice', 'Bob', 'Carol'].map(async (name) =>
      numberOf('usr', await books.ledger.decide(registration(name))),
    ),
  );
  const decisionOf = (mode: 'each' | 'all', key: string, lines: readonly Line[]) => {
    const items = lines.map(({ to, minor = 100, currency = 'GBP' }) => ({
      to,
      amount: { minor, currency },
      memo: null,
    }));
    const input = { senderId: alice, mode, items };
    return { rule: ruleNamed('send-payout'), input, facts: null, caller: callerOf(alice), key };
  };
  const keptUnder = async (key: string) => {
    const row = (await books.rows('idempotency_keys')).find((kept) => kept.key === key);
    return JSON.stringify(row).length;
  };
  return { books, decisionOf, keptUnder };
}

const many = (length: number, to: (index: number) => string): readonly Line[] =>
  Array.from({ length }, (_, index) => ({ to: to(index), minor: 1 + index }));

const mixed: readonly Line[] = [
  { to: 'nobody' },
  { to: 'bob', minor: 60_000 },
  { to: 'alice' },
  { to: 'carol', minor: 50_000 },
  { to: 'carol', currency: 'USD' },
  { to: 'carol', minor: 40_000 },
  { to: 'bob', minor: 1 },
];

for (const [what, mode, lines] of [
  ['each with refusals among them', 'each', mixed],
  ['each, all of them paid', 'each', many(300, (index) => (index % 2 === 0 ? 'bob' : 'carol'))],
  ['all', 'all', many(300, (index) => (index % 3 === 0 ? 'bob' : 'carol'))],
  ['all that was refused', 'all', mixed],
  ['each that paid nobody', 'each', many(300, (index) => `nobody${index}`)],
] as const) {
  test(`${what}: a replay gives the first answer byte for byte, at once and after a restart`, async (t) => {
    const { books, decisionOf } = await openScene(t);
    const decision = decisionOf(mode, 'k', lines);
    const first = await books.ledger.decide(decision);
    const later = { ...decision, caller: { ...decision.caller, requestId: 'another' } };
    const other = decisionOf('each', 'other', [{ to: 'bob', minor: 1 }]);
    await books.ledger.decide(other);
    const ledgers = [books.ledger, await books.reopen()];
    for (const ledger of ledgers) {
      const again = await ledger.decide(later);
      t.deepEqual({ ...again, isReplay: false }, first);
      t.true(again.isReplay);
      await ledger.settled();
    }
    t.deepEqual(auditBooks(await books.tables()), []);
  });
}

test('a payout keeps little more than the numbers of its payments, whatever it refused', async (t) => {
  const { books, decisionOf, keptUnder } = await openScene(t);
  const paid = await books.ledger.decide(
    decisionOf(
      'each',
      'paid',
      many(440, () => 'bob'),
    ),
  );
  t.is(bodyOf(paid).totals.paid, 440);
  t.true((await keptUnder('paid')) < 400);
  const lines = [{ to: 'bob', minor: 1 }, ...many(999, (index) => `nobody-at-all-${index}`)];
  const refused = await books.ledger.decide(decisionOf('each', 'refused', lines));
  t.like(bodyOf(refused).totals, { paid: 1, refused: 999 });
  t.true(refused.json.length > 200_000);
  t.true((await keptUnder('refused')) < 20_000, `${await keptUnder('refused')}`);
});

test('a payout that pays nobody is refused, and names the first of a thousand that do not exist', async (t) => {
  const { books, decisionOf, keptUnder } = await openScene(t);
  const lines = many(1_000, (index) => `nobody-at-all-${index}`);
  const outcome = await books.ledger.decide(decisionOf('each', 'k', lines));
  t.deepEqual([outcome.status, codeOf(outcome)], [422, 'USER_NOT_FOUND']);
  const { detail, items, errors, totals } = bodyOf(outcome);
  t.regex(
    detail,
    /^items\.0: There is no user nobody-at-all-0\..* 999 more are refused\. Nobody was paid\.$/,
  );
  t.deepEqual([items.length, errors.length, totals.paid, totals.refused], [50, 50, 0, 1_000]);
  t.true((await keptUnder('k')) < 3_000, `${await keptUnder('k')}`);
  const dry = await books.ledger.decide({ ...decisionOf('each', 'dry', lines), isDryRun: true });
  t.deepEqual([bodyOf(dry).items.length, bodyOf(dry).errors.length], [1_000, 50]);
  t.is((await books.rows('idempotency_keys')).length, 1);
  t.is((await books.rows('payments')).filter(({ kind }) => kind === 'transfer').length, 0);
});
