import test, { type ExecutionContext } from 'ava';
import type { ChainHeadRow } from '../../../db/tables/acts.js';
import { type ErrorCode, isRemembered } from '../../../server/errors.js';
import { justRegistered } from '../../../server/features/payments/quote-before.js';
import type { OutsideQuote } from '../../../server/features/payments/quote-payment.js';
import type { SendPayment } from '../../../server/features/payments/send-payment.js';
import { auditBooks } from '../../ledger/support/audit.js';
import { payment, registration } from '../../ledger/support/callers.js';
import { bodyOf, codeOf, numberOf } from '../../ledger/support/outcomes.js';
import { openRealBooks, type RealBooks } from '../../ledger/support/real-books.js';

interface World extends RealBooks {
  /** Ids by username: alice and bob in pounds, carol in dollars, yuki in yen, kim with hardly anything in dong. */
  readonly ids: Readonly<Record<string, number>>;
  /** Balances in minor units by username. */
  balances(): Promise<Readonly<Record<string, number>>>;
}

const beginning = { alice: 100_000, bob: 100_000, carol: 127_000, yuki: 190_350, kim: 1 };

async function openWorld(t: ExecutionContext): Promise<World> {
  const books = await openRealBooks(t);
  const people = [
    registration('alice'),
    registration('bob'),
    registration('carol', { currency: 'USD', openingCredit: beginning.carol }),
    registration('yuki', { currency: 'JPY', openingCredit: beginning.yuki }),
    registration('kim', { currency: 'VND', openingCredit: beginning.kim }),
  ];
  const users = await Promise.all(people.map(async (person) => books.ledger.decide(person)));
  return {
    ...books,
    ids: Object.fromEntries(users.map((user) => [bodyOf(user).username, numberOf('usr', user)])),
    async balances() {
      const rows = await books
        .writer('accounts as a')
        .join('users as u', 'u.id', 'a.user_id')
        .select<{ username: string; balance: number }[]>('u.username', 'a.balance');
      return Object.fromEntries(rows.map(({ username, balance }) => [username, balance]));
    },
  };
}

/** The ends of the chains, without the count of commits. */
const ends = (heads: readonly ChainHeadRow[]) => heads.filter(({ chain }) => chain > 0);

const of = (minor: number, currency: string) => ({ minor, currency });

async function pay(
  { ledger, ids }: World,
  from: string,
  to: string,
  given: Partial<SendPayment>,
  rest: { readonly key?: string; readonly isDryRun?: boolean; readonly facts?: OutsideQuote } = {},
) {
  return ledger.decide(payment(ids[from] ?? 0, to, given, { key: 'k', ...rest }));
}

test('within a currency it does not matter that another conversion service was not asked, across it does', async (t) => {
  const world = await openWorld(t);
  const amount = of(1_000, 'GBP');
  t.is((await pay(world, 'alice', 'bob', { amount }, { facts: justRegistered })).status, 201);
  const across = await pay(world, 'alice', 'carol', { amount }, { key: 'across', facts: justRegistered });
  t.is(codeOf(across), 'CONVERSION_UNAVAILABLE');
  t.like(await world.balances(), { alice: beginning.alice - 1_000, carol: beginning.carol });
});

test('a payment within a currency debits and credits the same', async (t) => {
  const world = await openWorld(t);
  const outcome = await pay(world, 'alice', 'bob', { amount: of(1_000, 'GBP'), memo: 'lunch' });
  const { id, createdAt, ...body } = bodyOf(outcome);
  t.deepEqual(body, {
    kind: 'transfer',
    direction: 'sent',
    from: 'alice',
    to: 'bob',
    sent: { amount: '10.00', currency: 'GBP' },
    received: { amount: '10.00', currency: 'GBP' },
    rate: '1',
    ratesAsOf: null,
    ratesSource: null,
    memo: 'lunch',
    requestId: null,
    refundOf: null,
    refunded: null,
    corrects: null,
    correctedBy: [],
    balanceAfter: { amount: '990.00', currency: 'GBP' },
  });
  t.is(outcome.status, 201);
  t.is(outcome.location, `/v1/payments/${id}`);
  t.regex(createdAt, /^2026-11-22T18:00:00\.\d{6}Z$/);
  t.deepEqual(await world.balances(), { ...beginning, alice: 99_000, bob: 101_000 });
  t.deepEqual(auditBooks(await world.tables()), []);
});

const conversions = [
  {
    of: 'an amount in the currency of the sender fixes the debit',
    amount: of(1_000, 'GBP'),
    sent: 1_000,
    received: 1_270,
  },
  {
    of: 'an amount in the currency of the receiver fixes the credit',
    amount: of(1_270, 'USD'),
    sent: 1_000,
    received: 1_270,
  },
  { of: 'what is received rounds down', amount: of(3, 'GBP'), sent: 3, received: 3 },
  { of: 'what a fixed credit costs rounds up', amount: of(2, 'USD'), sent: 2, received: 2 },
  { of: 'the smallest credit costs a whole minor unit', amount: of(1, 'USD'), sent: 1, received: 1 },
];

for (const { of: title, amount, sent, received } of conversions) {
  test(`between currencies ${title}`, async (t) => {
    const world = await openWorld(t);
    const outcome = await pay(world, 'alice', 'carol', { amount });
    t.is(outcome.status, 201);
    t.is(bodyOf(outcome).rate, '1.27');
    t.deepEqual(await world.balances(), {
      ...beginning,
      alice: beginning.alice - sent,
      carol: beginning.carol + received,
    });
    t.deepEqual(auditBooks(await world.tables()), []);
  });
}

test('a yen sent as pennies and back never makes money', async (t) => {
  const world = await openWorld(t);
  for (let round = 0; round < 5; round += 1) {
    t.is(
      (await pay(world, 'yuki', 'alice', { amount: of(1, 'GBP') }, { key: `${round} there` })).status,
      201,
    );
    t.is((await pay(world, 'alice', 'yuki', { amount: of(1, 'GBP') }, { key: `${round} back` })).status, 201);
  }
  const { alice, yuki } = await world.balances();
  t.is(alice, beginning.alice);
  t.is(yuki, beginning.yuki - 5);
});

test('the whole balance can be paid, and nothing is left', async (t) => {
  const world = await openWorld(t);
  t.is((await pay(world, 'alice', 'bob', { amount: of(100_000, 'GBP') })).status, 201);
  t.deepEqual(await world.balances(), { ...beginning, alice: 0, bob: 200_000 });
});

test('a debit of exactly maxDebit is allowed', async (t) => {
  const world = await openWorld(t);
  t.is((await pay(world, 'alice', 'carol', { amount: of(1_270, 'USD'), maxDebit: 1_000 })).status, 201);
  t.is((await world.balances()).alice, 99_000);
});

test('a frozen account can receive', async (t) => {
  const world = await openWorld(t);
  await world.setStatus(world.ids.bob ?? 0, 'frozen');
  t.is((await pay(world, 'alice', 'bob', { amount: of(1_000, 'GBP') })).status, 201);
  t.is((await world.balances()).bob, 101_000);
});

interface Refused {
  readonly of: string;
  readonly code: ErrorCode;
  readonly from?: string;
  readonly to?: string;
  readonly given?: Partial<SendPayment>;
  readonly facts?: OutsideQuote;
  readonly frozen?: string;
  readonly says?: Readonly<Record<string, unknown>>;
}

const money = (amount: string, currency: string) => ({ amount, currency });

const refusals: readonly Refused[] = [
  {
    of: 'to nobody',
    code: 'USER_NOT_FOUND',
    to: 'nobody',
    says: { status: 422, errors: [{ field: 'to', message: 'is nobody here' }] },
  },
  { of: 'to oneself', code: 'SELF_PAYMENT', to: 'alice', says: { status: 422 } },
  { of: 'from a frozen account', code: 'ACCOUNT_FROZEN', frozen: 'alice', says: { status: 403 } },
  {
    of: 'of a minor unit more than there is',
    code: 'INSUFFICIENT_FUNDS',
    given: { amount: of(100_001, 'GBP') },
    says: { status: 409, available: money('1000.00', 'GBP'), required: money('1000.01', 'GBP') },
  },
  {
    of: 'of a fixed credit that costs a minor unit more than there is',
    code: 'INSUFFICIENT_FUNDS',
    to: 'carol',
    given: { amount: of(127_001, 'USD') },
    says: { status: 409, available: money('1000.00', 'GBP'), required: money('1000.01', 'GBP') },
  },
  {
    of: 'that costs a minor unit more than maxDebit',
    code: 'RATE_CHANGED',
    to: 'carol',
    given: { amount: of(1_270, 'USD'), maxDebit: 999 },
    says: { status: 409, sent: money('10.00', 'GBP'), received: money('12.70', 'USD'), rate: '1.27' },
  },
  {
    of: 'in a currency of neither',
    code: 'VALIDATION_FAILED',
    to: 'carol',
    given: { amount: of(1_000, 'EUR') },
  },
  {
    of: 'in a currency that only a third one has',
    code: 'VALIDATION_FAILED',
    given: { amount: of(1_000, 'USD') },
  },
  {
    of: 'that converts to nothing',
    code: 'INVALID_AMOUNT',
    from: 'kim',
    given: { amount: of(1, 'VND') },
    says: { status: 422 },
  },
  {
    of: 'too large to be converted',
    code: 'INVALID_AMOUNT',
    to: 'yuki',
    given: { amount: of(Number.MAX_SAFE_INTEGER, 'GBP') },
  },
  {
    of: 'of a fixed credit that costs more than can be counted',
    code: 'INVALID_AMOUNT',
    from: 'yuki',
    to: 'alice',
    given: { amount: of(Number.MAX_SAFE_INTEGER, 'GBP') },
  },
  {
    of: 'that another conversion service cannot count',
    code: 'INVALID_AMOUNT',
    to: 'carol',
    facts: { quote: undefined },
  },
  {
    of: 'while another conversion service is away',
    code: 'CONVERSION_UNAVAILABLE',
    to: 'carol',
    facts: { unavailable: 'It does not answer.' },
    says: { status: 503 },
  },
];

for (const {
  of: title,
  code,
  from = 'alice',
  to = 'bob',
  given = {},
  facts = null,
  frozen,
  says,
} of refusals) {
  test(`a payment ${title} is ${code} and leaves every balance as it was`, async (t) => {
    const world = await openWorld(t);
    if (frozen !== undefined) {
      await world.setStatus(world.ids[frozen] ?? 0, 'frozen');
    }
    const before = await world.tables();
    const preview = await pay(world, from, to, given, { isDryRun: true, facts });
    t.is(codeOf(preview), code);
    t.deepEqual(await world.tables(), before);
    const outcome = await pay(world, from, to, given, { facts });
    t.is(codeOf(outcome), code);
    t.like(bodyOf(outcome), { code, ...says });
    // The refusal is remembered under its key, which is a commit.
    const { idempotency_keys, chain_heads, ...after } = await world.tables();
    t.is(idempotency_keys.length, isRemembered(code) ? 1 : 0);
    t.deepEqual(
      { ...after, idempotency_keys: [], chain_heads: ends(chain_heads) },
      {
        ...before,
        chain_heads: ends(before.chain_heads),
      },
    );
    t.deepEqual(await world.balances(), beginning);
  });
}

test('a dry run says what would be, writes nothing, and the payment then is so', async (t) => {
  const world = await openWorld(t);
  const before = await world.tables();
  const given = { amount: of(1_001, 'USD'), memo: 'later' };
  const preview = await pay(world, 'alice', 'carol', given, { isDryRun: true });
  t.deepEqual([preview.status, preview.location], [200, null]);
  t.is(bodyOf(preview).id, null);
  t.deepEqual(await world.tables(), before);
  const real = await pay(world, 'alice', 'carol', given);
  const { id, createdAt: _at, ...then } = bodyOf(real);
  t.regex(id, /^pay_/);
  const { id: _none, createdAt: _before, ...would } = bodyOf(preview);
  t.deepEqual(then, would);
});

test('the quote of another conversion service counts where it was asked', async (t) => {
  const world = await openWorld(t);
  const quote = {
    ...{ sent: of(1_000, 'GBP'), received: of(1_500, 'USD') },
    ...{ rate: '1.5', ratesAsOf: '2026-01-01' },
  };
  const outcome = await pay(world, 'alice', 'carol', { amount: of(1_000, 'GBP') }, { facts: { quote } });
  t.deepEqual([bodyOf(outcome).rate, bodyOf(outcome).received.amount], ['1.5', '15.00']);
  t.deepEqual(await world.balances(), { ...beginning, alice: 99_000, carol: beginning.carol + 1_500 });
  t.deepEqual(auditBooks(await world.tables()), []);
});

test('a balance that could no longer be kept exactly is INVALID_AMOUNT and moves nothing', async (t) => {
  const { ledger, rows } = await openRealBooks(t);
  const half = 2 ** 52;
  const rich = { currency: 'EUR', openingCredit: half - 1 };
  const [one, other, third] = await Promise.all([
    ledger.decide(registration('one', { currency: 'GBP', openingCredit: half })),
    ledger.decide(registration('other', rich)),
    ledger.decide(registration('third', { currency: 'EUR', openingCredit: half })),
  ]);
  t.deepEqual([one, other, third].map(codeOf), [undefined, undefined, undefined]);
  t.is(codeOf(await ledger.decide(registration('fourth', { ...rich, openingCredit: 1 }))), 'INVALID_AMOUNT');
  const before = await rows('accounts');
  const all = payment(one ? numberOf('usr', one) : 0, 'third', { amount: of(half, 'GBP') }, { key: 'k' });
  t.is(codeOf(await ledger.decide(all)), 'INVALID_AMOUNT');
  t.deepEqual(await rows('accounts'), before);
});

test('texts of every script come back from the books as they were sealed', async (t) => {
  const world = await openWorld(t);
  const memos = [
    '',
    ' ',
    '"\\',
    "'; --",
    'ŻÓŁĆ',
    '🍕',
    '\u202eabc',
    '\u2028\u2029',
    '\uffff',
    '\u0001',
    'İI',
    'é'.normalize('NFD'),
  ];
  for (const [place, memo] of memos.entries()) {
    const outcome = await pay(world, 'alice', 'bob', { amount: of(1, 'GBP'), memo }, { key: `${place}` });
    t.is(bodyOf(outcome).memo, memo);
  }
  const tables = await world.tables();
  t.deepEqual(
    tables.payments.slice(5).map(({ memo }) => memo),
    memos,
  );
  t.deepEqual(auditBooks(tables), []);
});
