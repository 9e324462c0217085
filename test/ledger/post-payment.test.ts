import test, { type ExecutionContext } from 'ava';
import { rules } from '../../server/compose/rules.js';
import { lookup } from '../../server/ledger/book/lookup.js';
import { exchangeReads, type PaymentDraft, postPayment } from '../../server/ledger/post-payment.js';
import { type Decision, defineRule, done, type Rules } from '../../server/ledger/rule.js';
import { exchangeAccountId } from '../../server/ledger/system-accounts.js';
import { maxMinor } from '../../server/money/money.js';
import { callerOf, payment, registration } from './support/callers.js';
import { codeOf, numberOf } from './support/outcomes.js';
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

const postRule = defineRule<PaymentDraft>('post', {
  needsTime: true,
  reads: (_book, { fromAccountId, toAccountId, sent, received }) => [
    ...[fromAccountId, toAccountId].map((id) => lookup('accounts', { id })),
    ...exchangeReads(sent.currency, received.currency),
  ],
  decide(book, draft, circumstances) {
    postPayment(book, draft, circumstances.moment);
    return done;
  },
});

const withPosting: Rules = { ...rules, post: postRule };

const pounds = (minor: number) => ({ minor, currency: 'GBP' });
const dollars = (minor: number) => ({ minor, currency: 'USD' });

/** Alice and bob with 1,000.00 pounds each, over rules of which one posts whatever it is given: most of it from alice to bob. */
function makePost(t: ExecutionContext) {
  const books = makePureBooks(withPosting, ['GBP', 'USD']);
  const users = books.decideAll([registration('alice'), registration('bob')], moment);
  const [alice = 0, bob = 0] = users.map((outcome) => numberOf('usr', outcome));
  const accountOf = (userId: number) =>
    books.store.tables.accounts.find(({ user_id }) => user_id === userId)?.id ?? 0;
  const usual = {
    kind: 'transfer',
    fromUserId: alice,
    toUserId: bob,
    fromAccountId: accountOf(alice),
    toAccountId: accountOf(bob),
    sent: pounds(1),
    received: pounds(1),
    rate: '1',
    rates: null,
    memo: null,
    requestId: null,
    refundOf: null,
  } as const satisfies PaymentDraft;
  const post = (draft: Partial<PaymentDraft>) => {
    const input = { ...usual, ...draft };
    const rule = postRule.name as Decision['rule'];
    const [outcome] = books.decideAll([{ rule, input, caller: callerOf(alice) }], moment);
    t.truthy(outcome);
    return outcome as NonNullable<typeof outcome>;
  };
  return { books, post };
}

const faults = [
  {
    of: 'sends nothing',
    draft: { sent: pounds(0), received: dollars(1) },
    fault: /moves 0 minor units of GBP/,
  },
  {
    of: 'lets nothing arrive',
    draft: { sent: pounds(1), received: dollars(0) },
    fault: /moves 0 minor units of USD/,
  },
  {
    of: 'lets more arrive than is sent',
    draft: { received: pounds(2) },
    fault: /sum to 1 minor units of GBP/,
  },
  { of: 'lets less arrive than is sent', draft: { sent: pounds(2) }, fault: /sum to -1 minor units of GBP/ },
  {
    of: 'pays dollars into an account of pounds',
    draft: { received: dollars(1) },
    fault: /is kept in GBP, not in USD/,
  },
  {
    of: 'takes a minor unit more than a customer has',
    draft: { sent: pounds(100_001), received: pounds(100_001) },
    fault: /would fall to -1/,
  },
] as const;

for (const { of: title, draft, fault } of faults) {
  test(`a payment that ${title} is a fault, and the books stay as they are`, (t) => {
    const { books, post } = makePost(t);
    const before = structuredClone(books.store.tables);
    const outcome = post(draft);
    t.is(outcome.status, 500, outcome.json);
    t.regex(outcome.fault ?? '', fault);
    t.deepEqual(books.store.tables, before);
  });
}

test('a balance reaches 2^53 - 1 minor units, and no more', (t) => {
  const { books, post } = makePost(t);
  const from = { fromUserId: null, fromAccountId: exchangeAccountId('GBP') };
  const most = pounds(maxMinor - 100_000);
  t.is(post({ ...from, sent: most, received: most }).status, 204);
  const before = structuredClone(books.store.tables);
  t.is(codeOf(post({ ...from })), 'INVALID_AMOUNT');
  t.is(codeOf(post({})), 'INVALID_AMOUNT');
  t.deepEqual(books.store.tables, before);
});
