import test from 'ava';
import type { GuessRow } from '../../../db/tables/credentials.js';
import { rules } from '../../../server/compose/rules.js';
import { type ErrorCode, Refusal } from '../../../server/errors.js';
import { guessReads, noteFailure } from '../../../server/features/guesses/note-guesses.js';
import { lookup } from '../../../server/ledger/book/lookup.js';
import type { BatchMoment } from '../../../server/ledger/commit/decide-batch.js';
import { type Decision, defineRule, type Rules } from '../../../server/ledger/rule.js';
import { clockUnavailable } from '../../../server/ledger/settle-time.js';
import { usualLifetimes } from '../../support/usual-lifetimes.js';
import { auditBooks } from '../support/audit.js';
import { callerOf, payment, registration } from '../support/callers.js';
import { bodyOf, codeOf, numberOf } from '../support/outcomes.js';
import { makePureBooks, type PureBooks } from '../support/pure-books.js';
import { ruleNamed } from '../support/rule-named.js';

const now = 1_795_370_400_000_000;

const momentAt = (micros: number): BatchMoment => ({
  service: { now: micros, machineNow: micros + 77 },
  machine: { now: micros + 77, machineNow: micros + 77 },
});

const withoutTime: BatchMoment = {
  ...momentAt(now),
  service: clockUnavailable('The timestamp service is away.'),
};

/** Rules that do what no rule should. */
const faulty: Rules = {
  ...rules,
  'throw after writing': defineRule<{ readonly userId: number }>('throw after writing', {
    needsTime: false,
    reads: (_book, { userId }) => [lookup('accounts', { user_id: userId })],
    decide(book, { userId }) {
      const account = book.get('accounts', { user_id: userId });
      book.update('accounts', account, { balance: account.balance + 1_000_000 });
      throw new Error('a mistake of the rule');
    },
  }),
  'throw while saying what it reads': defineRule<object>('throw while saying what it reads', {
    needsTime: false,
    reads: () => {
      throw new Error('a mistake of the reads');
    },
    decide: (book) => ({ status: 200, body: book.get('users', { id: 999_999 }) }),
  }),
  'read without saying so': defineRule<object>('read without saying so', {
    needsTime: false,
    reads: () => [],
    decide: (book) => ({ status: 200, body: book.get('users', { id: 999_999 }) }),
  }),
  refuse: defineRule<ErrorCode>('  refuse', {
    needsTime: false,
    reads: () => [],
    decide(_book, code) {
      throw new Refusal(code, 'Refused as asked.');
    },
  }),
};

const guessKeys = ['network 192.0.2.1', 'user alice'].map((key) => ({
  key,
  free: 10,
  firstWaitMicros: 1_000_000,
}));

const refusingAtOnce: Rules = {
  ...rules,
  'refuse and count': defineRule<null>('refuse and count', {
    needsTime: false,
    reads: () => guessReads(guessKeys),
    decide() {
      throw new Refusal('INVALID_CREDENTIALS', 'Refused before anything was looked at.');
    },
    noteRefusal: (book, _input, _refusal, { moment }) => noteFailure(book, guessKeys, moment.now),
  }),
};

function opened(...usernames: readonly string[]): {
  readonly books: PureBooks;
  readonly ids: readonly number[];
} {
  const books = makePureBooks(faulty, ['GBP', 'USD']);
  const outcomes = books.decideAll(
    usernames.map((username) => registration(username)),
    momentAt(now - 1_000_000),
  );
  return { books, ids: outcomes.map((outcome) => numberOf('usr', outcome)) };
}

const act = (rule: string, input: unknown, rest: Partial<Decision> = {}): Decision => ({
  ...{ rule: ruleNamed(rule), input, caller: callerOf(null) },
  ...rest,
});

test('decisions are decided in the order in which they came', (t) => {
  const { books, ids } = opened('alice', 'bob');
  const [alice = 0, bob = 0] = ids;
  const all = { amount: { minor: 100_000, currency: 'GBP' } };
  const back = { amount: { minor: 200_000, currency: 'GBP' } };
  const forth = books.decideAll([payment(alice, 'bob', all), payment(bob, 'alice', back)], momentAt(now));
  t.deepEqual(forth.map(codeOf), [undefined, undefined]);
  const other = opened('alice', 'bob');
  const [anotherAlice = 0, anotherBob = 0] = other.ids;
  const reversed = [payment(anotherBob, 'alice', back), payment(anotherAlice, 'bob', all)];
  t.deepEqual(other.books.decideAll(reversed, momentAt(now)).map(codeOf), ['INSUFFICIENT_FUNDS', undefined]);
});

test('a batch is cut before a decision that must look at what an earlier one of it made', (t) => {
  const { books, ids } = opened('alice');
  const [alice = 0] = ids;
  const decisions = [registration('bob'), payment(alice, 'bob'), registration('carol')];
  const first = books.decideBatch(decisions, momentAt(now));
  t.deepEqual(
    first.outcomes.map(({ status }) => status),
    [201],
  );
  const second = books.decideBatch(decisions.slice(1), momentAt(now + 1));
  t.deepEqual(
    second.outcomes.map(({ status }) => status),
    [201, 201],
  );
  t.deepEqual(auditBooks(books.store.tables).slice(0, 1), ['0 keys made 1 payments or requests']);
});

test('a payment to nobody is refused by what the batch knew, also just before that name is registered', (t) => {
  const { books, ids } = opened('alice');
  const decisions = [payment(ids[0] ?? 0, 'bob'), registration('bob')];
  const { outcomes } = books.decideBatch(decisions, momentAt(now));
  t.deepEqual(outcomes.map(codeOf), ['USER_NOT_FOUND', undefined]);
});

test('a rule that throws is an internal error of its own decision, and what it wrote is gone', (t) => {
  const { books, ids } = opened('alice', 'bob');
  const [alice = 0, bob = 0] = ids;
  const { outcomes, changes } = books.decideBatch(
    [
      payment(alice, 'bob', {}, { key: 'one' }),
      act('throw after writing', { userId: bob }),
      payment(bob, 'alice', {}, { key: 'two' }),
    ],
    momentAt(now),
  );
  t.deepEqual(
    outcomes.map(({ status }) => status),
    [201, 500, 201],
  );
  const [, failed] = outcomes;
  t.is(failed && codeOf(failed), 'INTERNAL_ERROR');
  t.regex(failed?.fault ?? '', /a mistake of the rule/);
  t.notRegex(failed?.json ?? '', /mistake of the rule/);
  t.deepEqual(
    changes.map(({ table }) => table),
    ['accounts', 'payments', 'entries', 'idempotency_keys', 'chain_heads'],
  );
  t.deepEqual(auditBooks(books.store.tables), []);
});

for (const rule of ['throw while saying what it reads', 'read without saying so', 'no such rule']) {
  test(`to ${rule} disturbs no neighbour`, (t) => {
    const { books, ids } = opened('alice', 'bob');
    const [alice = 0] = ids;
    const decisions = [
      payment(alice, 'bob', {}, { key: 'one' }),
      act(rule, {}),
      payment(alice, 'bob', {}, { key: 'two' }),
    ];
    const { outcomes } = books.decideBatch(decisions, momentAt(now));
    t.deepEqual(
      outcomes.map(({ status, fault }) => [status, fault === null]),
      [
        [201, true],
        [500, false],
        [201, true],
      ],
    );
    t.deepEqual(auditBooks(books.store.tables), []);
  });
}

test('what a refusal records is recorded once, wherever it comes to look at what was not read yet', (t) => {
  const books = makePureBooks(refusingAtOnce, ['GBP']);
  const { outcomes, changes } = books.decideBatch([act('refuse and count', null)], momentAt(now));
  t.deepEqual(outcomes.map(codeOf), ['INVALID_CREDENTIALS']);
  const guesses = changes.flatMap(({ inserted }) => inserted as readonly GuessRow[]);
  t.deepEqual(
    guesses.map(({ key, failures }) => [key, failures]),
    guessKeys.map(({ key }) => [key, 1]),
  );
});

test('a dry run that is refused records nothing', (t) => {
  const books = makePureBooks(refusingAtOnce, ['GBP']);
  const preview = act('refuse and count', null, { isDryRun: true });
  const { outcomes, changes } = books.decideBatch([preview], momentAt(now));
  t.deepEqual(outcomes.map(codeOf), ['INVALID_CREDENTIALS']);
  t.deepEqual(changes, []);
});

test('an internal error is not kept under the key', (t) => {
  const { books, ids } = opened('alice');
  const [alice = 0] = ids;
  const failing = act('throw after writing', { userId: alice }, { caller: callerOf(alice), key: 'k' });
  t.deepEqual(books.decideAll([failing, failing], momentAt(now)).map(codeOf), [
    'INTERNAL_ERROR',
    'INTERNAL_ERROR',
  ]);
  t.deepEqual(books.store.tables.idempotency_keys, []);
});

/** The codes that a key remembers: from USER_NOT_FOUND to LIMIT_EXCEEDED in the table of codes, and ACCOUNT_FROZEN. */
const kept: readonly ErrorCode[] = [
  ...(['USER_NOT_FOUND', 'SELF_PAYMENT', 'SELF_REQUEST', 'INSUFFICIENT_FUNDS', 'REQUEST_CLOSED'] as const),
  ...([
    'NOT_YOUR_REQUEST',
    'REFUND_TOO_LARGE',
    'NOT_REFUNDABLE',
    'POSSIBLE_DUPLICATE',
    'LAST_ADMIN',
  ] as const),
  ...(['RECIPIENT_UNAVAILABLE', 'RATE_CHANGED', 'LIMIT_EXCEEDED', 'ACCOUNT_FROZEN'] as const),
];
const forgotten: readonly ErrorCode[] = [
  ...(['VALIDATION_FAILED', 'INVALID_AMOUNT', 'UNKNOWN_CURRENCY', 'UNAUTHENTICATED', 'FORBIDDEN'] as const),
  ...(['INVALID_CREDENTIALS', 'NOT_FOUND', 'WEAK_PASSWORD', 'WRONG_PASSWORD', 'RATE_LIMITED'] as const),
  ...(['INTERNAL_ERROR', 'CLOCK_UNAVAILABLE', 'STORAGE_UNAVAILABLE', 'OVERLOADED'] as const),
  ...(['IDEMPOTENCY_KEY_REUSED', 'CONVERSION_UNAVAILABLE'] as const),
];

for (const [codes, isKept] of [
  [kept, true],
  [forgotten, false],
] as const) {
  for (const code of codes) {
    test(`${code} is ${isKept ? 'kept' : 'not kept'} under the key`, (t) => {
      const { books, ids } = opened('alice');
      const caller = (requestId: string) => ({ caller: callerOf(ids[0] ?? 0, requestId), key: 'k' });
      const decisions = [act('refuse', code, caller('first')), act('refuse', code, caller('second'))];
      const [first, second] = books.decideAll(decisions, momentAt(now));
      t.is(first && codeOf(first), code);
      t.is(second?.isReplay, isKept);
      t.is(second?.json === first?.json, isKept);
      t.is(books.store.tables.idempotency_keys.length, isKept ? 1 : 0);
    });
  }
}

const logInOf = (userId: number) =>
  act('open-session', {
    userId,
    tokenHash: 'h'.repeat(64),
    passwordHash: 'hash of alice',
    lifetimes: usualLifetimes,
    guesses: [],
  });

test('what needs the time is refused without it and writes nothing; what does not goes on', (t) => {
  const { books, ids } = opened('alice', 'bob');
  const [alice = 0] = ids;
  const before = JSON.stringify(books.store.tables);
  const pay = payment(alice, 'bob', {}, { key: 'k' });
  const preview = payment(alice, 'bob', {}, { isDryRun: true });
  const { outcomes } = books.decideBatch([pay, registration('carol'), preview], withoutTime);
  t.deepEqual(outcomes.map(codeOf), ['CLOCK_UNAVAILABLE', 'CLOCK_UNAVAILABLE', 'CLOCK_UNAVAILABLE']);
  t.deepEqual(
    outcomes.map(({ status, retryAfterSeconds }) => [status, retryAfterSeconds]),
    [
      [503, 2],
      [503, 2],
      [503, 2],
    ],
  );
  t.is(JSON.stringify(books.store.tables), before);
  const [login] = books.decideAll([logInOf(alice)], withoutTime);
  t.is(login?.status, 201);
});

test('a replay needs no time', (t) => {
  const { books, ids } = opened('alice', 'bob');
  const pay = payment(ids[0] ?? 0, 'bob', {}, { key: 'k' });
  const [first] = books.decideAll([pay], momentAt(now));
  const [again] = books.decideAll([pay], withoutTime);
  t.deepEqual(again, first && { ...first, isReplay: true });
  t.is(books.store.tables.payments.length, 3);
});

test('rules that move money carry the time of the service, the others the time of the machine', (t) => {
  const { books, ids } = opened('alice', 'bob');
  const [alice = 0] = ids;
  books.decideAll([payment(alice, 'bob', {}, { key: 'k' }), logInOf(alice)], momentAt(now));
  const { payments, idempotency_keys, sessions } = books.store.tables;
  t.is(payments.at(-1)?.created_at, now);
  t.is(idempotency_keys.at(-1)?.created_at, now);
  t.is(sessions.at(-1)?.created_at, now + 77);
});

test('the key stands for the route and the input, not for its spelling, the quote or the request', (t) => {
  const { books, ids } = opened('alice', 'bob');
  const [alice = 0] = ids;
  const pay = payment(alice, 'bob', {}, { key: 'k' });
  const input = pay.input as Record<string, unknown>;
  const reversed = Object.fromEntries(Object.entries(input).reverse());
  const quote = {
    sent: { minor: 1_000, currency: 'GBP' },
    received: { minor: 1_000, currency: 'GBP' },
    rate: '1',
  };
  const twins: readonly Decision[] = [
    pay,
    { ...pay, input: reversed, caller: callerOf(alice, 'other') },
    { ...pay, facts: { quote } },
    { ...pay, caller: { ...pay.caller, isPerson: true, address: '::1' } },
  ];
  const outcomes = books.decideAll(twins, momentAt(now));
  t.deepEqual(
    outcomes.map(({ isReplay }) => isReplay),
    [false, true, true, true],
  );
  t.is(new Set(outcomes.map(({ json }) => json)).size, 1);
  t.is(books.store.tables.payments.length, 3);
});

const otherInputs = {
  amount: { minor: 1_001, currency: 'GBP' },
  to: 'carol',
  memo: 'another',
  maxDebit: 1_000,
};

for (const [member, value] of Object.entries(otherInputs)) {
  test(`another ${member} under the same key is refused and moves nothing`, (t) => {
    const { books, ids } = opened('alice', 'bob', 'carol');
    const [alice = 0] = ids;
    const decisions = [
      payment(alice, 'bob', {}, { key: 'k' }),
      payment(alice, 'bob', { [member]: value }, { key: 'k' }),
      payment(alice, 'bob', {}, { key: 'k' }),
    ];
    const [first, other, again] = books.decideAll(decisions, momentAt(now));
    t.is(other && codeOf(other), 'IDEMPOTENCY_KEY_REUSED');
    t.is(other?.status, 422);
    t.is(again?.json, first?.json);
    t.is(books.store.tables.payments.length, 4);
    t.deepEqual(auditBooks(books.store.tables), []);
  });
}

test('another route under the same key is refused, also with the same input', (t) => {
  const { books, ids } = opened('alice', 'bob');
  const pay = payment(ids[0] ?? 0, 'bob', {}, { key: 'k' });
  const outcomes = books.decideAll(
    [pay, { ...pay, rule: ruleNamed('read without saying so') }],
    momentAt(now),
  );
  t.deepEqual(outcomes.map(codeOf), [undefined, 'IDEMPOTENCY_KEY_REUSED']);
});

test('a key belongs to its user', (t) => {
  const { books, ids } = opened('alice', 'bob');
  const [alice = 0, bob = 0] = ids;
  const decisions = [payment(alice, 'bob', {}, { key: 'k' }), payment(bob, 'alice', {}, { key: 'k' })];
  t.deepEqual(
    books.decideAll(decisions, momentAt(now)).map(({ isReplay, status }) => [isReplay, status]),
    [
      [false, 201],
      [false, 201],
    ],
  );
});

test('a dry run neither reads nor takes the key', (t) => {
  const { books, ids } = opened('alice', 'bob');
  const [alice = 0] = ids;
  const preview = payment(alice, 'bob', {}, { key: 'k', isDryRun: true });
  const [before, real, after] = books.decideAll(
    [preview, payment(alice, 'bob', {}, { key: 'k' }), preview],
    momentAt(now),
  );
  t.deepEqual(
    [before, real, after].map(
      (outcome) => outcome && [outcome.status, outcome.isReplay, outcome.location === null],
    ),
    [
      [200, false, true],
      [201, false, false],
      [200, false, true],
    ],
  );
  t.is(before && bodyOf(before).balanceAfter.amount, '990.00');
  t.is(after && bodyOf(after).balanceAfter.amount, '980.00');
  t.is(books.store.tables.idempotency_keys.length, 1);
});
