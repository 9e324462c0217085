import test from 'ava';
import { paymentBatch, writeInto } from '../../../db/batch-view.js';
import { rules } from '../../../server/compose/rules.js';
import type { KnownBook } from '../../../server/ledger/book/book.js';
import { lookup } from '../../../server/ledger/book/lookup.js';
import type { Ledger } from '../../../server/ledger/ledger.js';
import { defineRule, type Rules } from '../../../server/ledger/rule.js';
import { usualLifetimes } from '../../support/usual-lifetimes.js';
import { auditBooks } from '../support/audit.js';
import { callerOf, payment, registration } from '../support/callers.js';
import { codeOf, numberOf } from '../support/outcomes.js';
import {
  countedTime,
  holdWriteLock,
  nextWriting,
  openRealBooks,
  steppingTime,
} from '../support/real-books.js';
import { ruleNamed } from '../support/rule-named.js';
import type { Tables } from '../support/tables.js';

const start = 1_795_370_400_000_000;
const second = 1_000_000;

const writePayments = writeInto(paymentBatch);

async function register(ledger: Ledger, ...usernames: readonly string[]): Promise<readonly number[]> {
  const outcomes = await Promise.all(usernames.map((username) => ledger.decide(registration(username))));
  return outcomes.map((outcome) => numberOf('usr', outcome));
}

const login = (userId: number, username: string, place: number) => ({
  rule: ruleNamed('open-session'),
  input: {
    userId,
    tokenHash: `${place}`.padStart(64, '0'),
    passwordHash: `hash of ${username}`,
    lifetimes: usualLifetimes,
    guesses: [],
  },
  caller: callerOf(userId),
});

test('what arrives while a commit is under way shares one time, one transaction and one commit', async (t) => {
  const time = countedTime();
  const { ledger, writer, rows } = await openRealBooks(t, { askTime: time.askTime });
  const [alice = 0] = await register(ledger, 'alice', 'bob');
  const statements: string[] = [];
  writer.on('query', ({ sql }: { readonly sql: string }) => statements.push(sql));
  await ledger.settled();
  time.asked = 0;
  const pay = (key: string) =>
    ledger.decide(payment(alice, 'bob', { amount: { minor: 1, currency: 'GBP' } }, { key }));
  const isWritten = nextWriting(writer);
  const first = pay('first');
  await isWritten;
  const outcomes = await Promise.all([first, ...Array.from({ length: 199 }, (_, place) => pay(`${place}`))]);
  t.true(outcomes.every(({ status }) => status === 201));
  t.is(time.asked, 2);
  // Each batch is one statement, which is a transaction by itself; to look things up takes none that writes.
  t.deepEqual(
    statements.filter((sql) => !sql.startsWith('select')),
    [writePayments, writePayments],
  );
  const payments = await rows('payments');
  t.is(payments.length, 202);
  t.deepEqual(
    outcomes.map((outcome) => numberOf('pay', outcome)),
    payments.slice(2).map(({ id }) => id),
  );
});

test('what arrives while the timestamp service is asked goes along', async (t) => {
  const time = countedTime();
  let letGo: () => void = () => {};
  let hold = Promise.resolve();
  let reportAsked: () => void = () => {};
  const { ledger, writer } = await openRealBooks(t, {
    askTime: async () => {
      const answer = time.askTime();
      reportAsked();
      await hold;
      return await answer;
    },
  });
  const [alice = 0] = await register(ledger, 'alice', 'bob');
  const pay = (key: string) =>
    ledger.decide(payment(alice, 'bob', { amount: { minor: 1, currency: 'GBP' } }, { key }));
  // What they look at is in the book from then on.
  await pay('before');
  await ledger.settled();
  const statements: string[] = [];
  writer.on('query', ({ sql }: { readonly sql: string }) => statements.push(sql));
  time.asked = 0;
  hold = new Promise((resolve) => {
    letGo = resolve;
  });
  const isAsked = new Promise<void>((resolve) => {
    reportAsked = resolve;
  });
  const first = pay('first');
  await isAsked;
  const others = ['second', 'third'].map(pay);
  letGo();
  const outcomes = await Promise.all([first, ...others]);
  t.deepEqual(
    outcomes.map(({ status }) => status),
    [201, 201, 201],
  );
  t.is(time.asked, 1);
  t.deepEqual(
    statements.filter((sql) => !sql.startsWith('select')),
    [writePayments],
  );
});

test('a crowd is taken in batches of 512, in the order in which it came', async (t) => {
  const time = countedTime();
  const { ledger, tables } = await openRealBooks(t, { askTime: time.askTime });
  const [alice = 0] = await register(ledger, 'alice', 'bob');
  await ledger.settled();
  time.asked = 0;
  const outcomes = await Promise.all(
    Array.from({ length: 1_200 }, (_, place) =>
      ledger.decide(payment(alice, 'bob', { amount: { minor: 1, currency: 'GBP' } }, { key: `${place}` })),
    ),
  );
  // Once for each batch, and once ahead of one that does not come.
  t.is(time.asked, 3 + 1);
  const books = await tables();
  t.deepEqual(
    outcomes.map((outcome) => numberOf('pay', outcome)),
    books.payments.slice(2).map(({ id }) => id),
  );
  t.deepEqual(auditBooks(books), []);
});

test('a decision that writes as much as hundreds of payments fills a batch: the next is decided while it is written', async (t) => {
  const time = countedTime();
  const { ledger, tables } = await openRealBooks(t, { askTime: time.askTime });
  const [alice = 0, bob = 0] = await register(ledger, 'alice', 'bob');
  await ledger.settled();
  time.asked = 0;
  const payout = (senderId: number, to: string, length: number) => {
    const items = Array.from({ length }, () => ({ to, amount: { minor: 1, currency: 'GBP' }, memo: null }));
    const input = { senderId, mode: 'each', items };
    return ledger.decide({
      rule: ruleNamed('send-payout'),
      input,
      caller: callerOf(senderId),
      key: `${to} ${length}`,
    });
  };
  const outcomes = await Promise.all([
    payout(alice, 'bob', 1_000),
    payout(bob, 'alice', 1_000),
    payout(alice, 'bob', 10),
    payout(bob, 'alice', 10),
  ]);
  t.true(outcomes.every(({ status }) => status === 201));
  // One batch for each of the long ones, and one for both of the short.
  t.is(time.asked, 3);
  t.deepEqual(auditBooks(await tables()), []);
});

test('who registers can be paid and can pay at once', async (t) => {
  const { ledger, tables } = await openRealBooks(t);
  const [alice = 0] = await register(ledger, 'alice');
  const outcomes = await Promise.all([
    ledger.decide(registration('bob')),
    ledger.decide(payment(alice, 'bob', {}, { key: 'k' })),
    ledger.decide(registration('BOB', { email: 'another@example.org' })),
  ]);
  t.deepEqual(outcomes.map(codeOf), [undefined, undefined, 'USERNAME_TAKEN']);
  const { accounts } = await tables();
  t.deepEqual(
    accounts.filter(({ kind }) => kind === 'customer').map(({ balance }) => balance),
    [99_000, 101_000],
  );
});

/** A rule whose row the database refuses. */
const withBadRow: Rules = {
  ...rules,
  'write a bad row': defineRule<{ readonly userId: number }>('write a bad row', {
    needsTime: false,
    reads: (_book, { userId }) => [lookup('accounts', { user_id: userId })],
    decide(book, { userId }) {
      book.update('accounts', book.get('accounts', { user_id: userId }), { balance: -1 });
      return { status: 200, body: null };
    },
  }),
};

test('a decision whose rows the database refuses is refused alone; its neighbours are decided', async (t) => {
  const { ledger, tables } = await openRealBooks(t, { rules: withBadRow });
  const [alice = 0, bob = 0] = await register(ledger, 'alice', 'bob');
  const outcomes = await Promise.all([
    ledger.decide(payment(alice, 'bob', {}, { key: '1' })),
    ledger.decide(payment(alice, 'bob', {}, { key: '2' })),
    ledger.decide({ rule: ruleNamed('write a bad row'), input: { userId: bob }, caller: callerOf(bob) }),
    ledger.decide(payment(bob, 'alice', {}, { key: '3' })),
    ledger.decide(payment(bob, 'alice', { amount: { minor: 101_001, currency: 'GBP' } }, { key: '4' })),
  ]);
  t.deepEqual(outcomes.map(codeOf), [
    undefined,
    undefined,
    'INTERNAL_ERROR',
    undefined,
    'INSUFFICIENT_FUNDS',
  ]);
  t.regex(outcomes[2]?.fault ?? '', /CONSTRAINT/);
  const books = await tables();
  t.deepEqual(
    books.accounts.filter(({ kind }) => kind === 'customer').map(({ balance }) => balance),
    [99_000, 101_000],
  );
  t.deepEqual(auditBooks(books), []);
});

test('a rule that nobody knows is an internal error of its own decision', async (t) => {
  const { ledger, tables } = await openRealBooks(t);
  const [alice = 0] = await register(ledger, 'alice', 'bob');
  const outcomes = await Promise.all([
    ledger.decide(payment(alice, 'bob', {}, { key: '1' })),
    ledger.decide({ rule: ruleNamed('no such rule'), input: {}, caller: callerOf(alice) }),
    ledger.decide(payment(alice, 'bob', {}, { key: '2' })),
  ]);
  t.deepEqual(outcomes.map(codeOf), [undefined, 'INTERNAL_ERROR', undefined]);
  t.deepEqual(auditBooks(await tables()), []);
});

test('without the timestamp service no money moves and nothing is written; sessions go on', async (t) => {
  let isAway = false;
  const time = steppingTime();
  const { ledger, tables } = await openRealBooks(t, {
    askTime: async () => {
      if (isAway) {
        throw new Error('connection refused');
      }
      return time();
    },
  });
  const [alice = 0] = await register(ledger, 'alice', 'bob');
  const before = await tables();
  isAway = true;
  const outcomes = await Promise.all([
    ledger.decide(payment(alice, 'bob', {}, { key: 'k' })),
    ledger.decide(registration('carol')),
    ledger.decide(login(alice, 'alice', 1)),
  ]);
  t.deepEqual(outcomes.map(codeOf), ['CLOCK_UNAVAILABLE', 'CLOCK_UNAVAILABLE', undefined]);
  const after = await tables();
  t.is(after.sessions.length, 1);
  t.deepEqual(after.audit.slice(0, -1), before.audit);
  t.deepEqual([after.audit.at(-1)?.action, after.audit.at(-1)?.actor_id], ['session.opened', alice]);
  const withoutLogins = ({ sessions: _sessions, audit: _audit, chain_heads, ...others }: Tables) => ({
    ...others,
    heads: chain_heads.filter(({ name }) => name === 'payments'),
  });
  t.deepEqual(withoutLogins(after), withoutLogins(before));
  isAway = false;
  const again = await ledger.decide(payment(alice, 'bob', {}, { key: 'k' }));
  t.deepEqual([again.status, again.isReplay], [201, false]);
});

test('what moves no money asks for no time', async (t) => {
  const { ledger, reopen } = await openRealBooks(t);
  const [alice = 0] = await register(ledger, 'alice');
  const withoutTime = await reopen({ askTime: async () => t.fail('the time was asked for') as never });
  const outcomes = await Promise.all([1, 2].map((place) => withoutTime.decide(login(alice, 'alice', place))));
  t.deepEqual(
    outcomes.map(({ status }) => status),
    [201, 201],
  );
});

test('two writers beside each other continue a chain each, and times and ids follow the order of commits', async (t) => {
  const { ledger, reopen, tables } = await openRealBooks(t, {
    askTime: async () => start,
    machineMicros: () => start,
  });
  const [alice = 0] = await register(ledger, 'alice', 'bob');
  const beside = await reopen({ chain: 2, askTime: async () => start + second });
  await register(beside, 'carol');
  const behind = [
    (await ledger.decide(payment(alice, 'carol', {}, { key: '1' }))).status,
    (await beside.decide(payment(alice, 'carol', {}, { key: '2' }))).status,
    (await ledger.decide(payment(alice, 'carol', {}, { key: '3' }))).status,
  ];
  t.deepEqual(behind, [201, 201, 201]);

  const books = await tables();
  t.deepEqual(auditBooks(books), []);
  const committed = books.payments;
  t.deepEqual(
    committed.map(({ chain, position }) => [chain, position]),
    [
      [1, 1],
      [1, 2],
      [2, 1],
      [1, 3],
      [2, 2],
      [1, 4],
    ],
  );
  t.deepEqual(
    committed.map(({ id }) => id),
    committed.map(({ id }) => id).toSorted((one, other) => one - other),
  );
  const times = committed.map(({ created_at }) => created_at);
  t.deepEqual(
    times,
    times.toSorted((one, other) => one - other),
  );
});

test('after a restart the chain goes on, and times do not run backwards', async (t) => {
  const { ledger, reopen, tables } = await openRealBooks(t, {
    askTime: async () => start,
    machineMicros: () => start,
  });
  const [alice = 0] = await register(ledger, 'alice', 'bob');
  const newest = (await tables()).payments.at(-1)?.created_at ?? 0;
  const pay = (restarted: Ledger, key: string) => restarted.decide(payment(alice, 'bob', {}, { key }));

  const behind = await reopen({ askTime: async () => newest - 5 * second });
  t.is((await pay(behind, '1')).status, 201);
  t.is((await tables()).payments.at(-1)?.created_at, newest + 1);
  const tooFarBehind = await reopen({ askTime: async () => newest - 5 * second });
  t.is(codeOf(await pay(tooFarBehind, '2')), 'CLOCK_UNAVAILABLE');
  const farAhead = await reopen({ askTime: async () => start + 301 * second });
  t.is(codeOf(await pay(farAhead, '3')), 'CLOCK_UNAVAILABLE');
  const right = await reopen({ askTime: async () => newest + second });
  t.is((await pay(right, '4')).status, 201);

  const books = await tables();
  t.deepEqual(
    books.payments.map(({ position }) => position),
    [1, 2, 3, 4],
  );
  t.deepEqual(auditBooks(books), []);
});

test('while the ledger runs times do not run backwards, nor where a batch is decided while the one before is being written', async (t) => {
  let answered = start;
  const { ledger, writer, rows } = await openRealBooks(t, {
    askTime: async () => answered,
    machineMicros: () => start,
  });
  const [alice = 0] = await register(ledger, 'alice', 'bob');
  const pay = (key: string) =>
    ledger.decide(payment(alice, 'bob', { amount: { minor: 1, currency: 'GBP' } }, { key }));
  answered = start + 4 * second;
  await pay('ahead');
  answered = start;
  await pay('behind');
  answered = start + 8 * second;
  const isWritten = nextWriting(writer);
  const first = pay('ahead again');
  await isWritten;
  answered = start + 4 * second;
  await Promise.all([first, ...Array.from({ length: 20 }, (_, place) => pay(`${place}`))]);
  const times = (await rows('payments')).slice(2).map(({ created_at }) => created_at);
  t.deepEqual(times.slice(0, 3), [start + 4 * second, start + 4 * second + 1, start + 8 * second]);
  t.is(times.length, 23);
  t.true(
    times.slice(3).every((time) => time > start + 8 * second),
    `${times}`,
  );
});

test('a key stands for its act after a restart, too', async (t) => {
  const { ledger, reopen, rows } = await openRealBooks(t);
  const [alice = 0] = await register(ledger, 'alice', 'bob');
  const decisions = [
    payment(alice, 'bob', {}, { key: 'accepted' }),
    payment(alice, 'nobody', {}, { key: 'refused' }),
  ];
  const first = await Promise.all(decisions.map((decision) => ledger.decide(decision)));
  const restarted = await reopen();
  const again = await Promise.all(decisions.map((decision) => restarted.decide(decision)));
  t.deepEqual(
    again,
    first.map((outcome) => ({ ...outcome, isReplay: true })),
  );
  t.is((await rows('payments')).length, 3);
});

test('after a restart the first answer counts, whatever stands against the act by then without a trace', async (t) => {
  const { ledger, reopen, rows } = await openRealBooks(t);
  const [alice = 0] = await register(ledger, 'alice', 'bob');
  await ledger.decide(registration('carol', { currency: 'USD' }));
  const abroad = payment(alice, 'carol', {}, { key: 'abroad' });
  const first = await ledger.decide(abroad);
  t.is(first.status, 201);
  const withoutTime = await reopen({ askTime: () => Promise.reject(new Error('away')) });
  t.deepEqual(await withoutTime.decide(abroad), { ...first, isReplay: true });
  const restarted = await reopen();
  const withoutRates = { ...abroad, facts: { unavailable: 'away' } };
  t.deepEqual(await restarted.decide(withoutRates), { ...first, isReplay: true });
  t.is((await rows('payments')).length, 4);
});

test('a time that only a dry run or a refusal was judged at binds no later payment', async (t) => {
  let answered = start;
  const { ledger } = await openRealBooks(t, { askTime: async () => answered, machineMicros: () => start });
  const [alice = 0] = await register(ledger, 'alice', 'bob');
  answered = start + 200 * second;
  t.is((await ledger.decide(payment(alice, 'bob', {}, { isDryRun: true }))).status, 200);
  const tooSmall = { amount: { minor: 1, currency: 'USD' } };
  t.is(codeOf(await ledger.decide(payment(alice, 'bob', tooSmall, { key: '1' }))), 'VALIDATION_FAILED');
  answered = start + second;
  t.is((await ledger.decide(payment(alice, 'bob', {}, { key: '2' }))).status, 201);
});

test('the time of what moves no money binds no payment: a clock that was ahead meanwhile stops none when it is right', async (t) => {
  let answered = start;
  let machine = start;
  const { ledger, rows } = await openRealBooks(t, {
    askTime: async () => answered,
    machineMicros: () => machine,
  });
  const [alice = 0, bob = 0] = await register(ledger, 'alice', 'bob');
  answered = machine = start + 300 * 86_400 * second;
  const asking = {
    rule: ruleNamed('create-request'),
    input: {
      requesterId: bob,
      from: 'alice',
      amount: { minor: 500, currency: 'GBP' },
      memo: null,
      expiresAt: null,
    },
    caller: callerOf(bob),
    facts: { checkFunds: true },
    key: '1',
  };
  t.is((await ledger.decide(asking)).status, 201);
  answered = machine = start + second;
  t.is((await ledger.decide(payment(alice, 'bob', {}, { key: '2' }))).status, 201);
  t.is((await rows('payments')).at(-1)?.created_at, start + second);
});

test('a database that somebody else holds is STORAGE_UNAVAILABLE, and the same key settles it afterwards', async (t) => {
  const { ledger, writer, rows } = await openRealBooks(t);
  const [alice = 0] = await register(ledger, 'alice', 'bob');
  await writer.raw('PRAGMA busy_timeout = 20');
  const other = await holdWriteLock(writer);
  t.teardown(other.destroy);
  const pay = payment(alice, 'bob', {}, { key: 'k' });
  const refused = await ledger.decide(pay);
  t.deepEqual([codeOf(refused), refused.status, refused.retryAfterSeconds], ['STORAGE_UNAVAILABLE', 503, 5]);
  t.regex(refused.fault ?? '', /SQLITE_BUSY/);
  t.is(refused.storageFault, 'busy');
  t.notRegex(refused.json, /SQLITE/);
  t.is((await rows('payments')).length, 2);
  await other.release();
  const settled = await ledger.decide(pay);
  t.deepEqual([settled.status, settled.isReplay], [201, false]);
});

test('a full disk is STORAGE_UNAVAILABLE for the whole batch, and the ledger goes on when there is room', async (t) => {
  const { ledger, writer, tables } = await openRealBooks(t);
  const [alice = 0] = await register(ledger, 'alice', 'bob');
  const before = await tables();
  const [pages] = await writer.raw('PRAGMA page_count');
  await writer.raw(`PRAGMA max_page_count = ${pages.page_count}`);
  const crowd = Array.from({ length: 300 }, (_, place) =>
    payment(alice, 'bob', { memo: 'm'.repeat(400) }, { key: `${place}` }),
  );
  const outcomes = await Promise.all(crowd.map((decision) => ledger.decide(decision)));
  const refused = outcomes.filter((outcome) => codeOf(outcome) === 'STORAGE_UNAVAILABLE');
  t.true(refused.length >= 299);
  t.is((await tables()).payments.length, before.payments.length + outcomes.length - refused.length);
  await writer.raw('PRAGMA max_page_count = 1000000');
  const [pay] = crowd.slice(-1);
  t.is(pay && (await ledger.decide(pay)).status, 201);
  t.deepEqual(auditBooks(await tables()), []);
});

test('when the database cannot be worked with the ledger stops, says so once and decides nothing more', async (t) => {
  const broken: string[] = [];
  const { ledger, writer, tables } = await openRealBooks(t, {
    onBroken: ({ message }) => broken.push(message),
  });
  const [alice = 0] = await register(ledger, 'alice', 'bob');
  const before = await tables();
  await writer.raw('PRAGMA query_only = ON');
  const pay = (key: string) => ledger.decide(payment(alice, 'bob', {}, { key }));
  const outcomes = await Promise.all(['1', '2', '3'].map(pay));
  await writer.raw('PRAGMA query_only = OFF');
  outcomes.push(await pay('4'));
  t.deepEqual(
    outcomes.map(codeOf),
    outcomes.map(() => 'STORAGE_UNAVAILABLE'),
  );
  t.is(broken.length, 1);
  t.deepEqual(await tables(), before);
});

test('an observer that fails after a commit undoes nothing, and nothing more is decided', async (t) => {
  const broken: string[] = [];
  let isFailing = false;
  const { reopen, rows, writer } = await openRealBooks(t);
  const ledger = await reopen({
    onBroken: ({ message }) => broken.push(message),
    onCommitted() {
      if (isFailing) {
        throw new Error('nobody listens');
      }
    },
  });
  const [alice = 0] = await register(ledger, 'alice', 'bob');
  await ledger.settled();
  isFailing = true;
  // Keyless, so that no key would keep it from happening twice. It is written, and the others come meanwhile.
  const isWritten = nextWriting(writer);
  const first = ledger.decide(login(alice, 'alice', 1));
  await isWritten;
  const later = Array.from({ length: 20 }, (_, place) => ledger.decide(login(alice, 'alice', place + 2)));
  t.is((await first).status, 201);
  for (const outcome of await Promise.all(later)) {
    t.is(codeOf(outcome), 'STORAGE_UNAVAILABLE');
  }
  t.deepEqual(broken, ['nobody listens']);
  t.is((await rows('sessions')).length, 1);
});

/** The first of the names that is not in the book. */
function firstUnknown(book: KnownBook): number {
  for (let number = 0; ; number += 1) {
    if (!book.isLoaded(lookup('users', { username_key: `nobody ${number}` }))) {
      return number;
    }
  }
}

/** A rule that reads on and on where it has found nothing, which the ledger does not expect. */
const withStrangeReads: Rules = {
  ...rules,
  'read on from nothing': defineRule<null>('read on from nothing', {
    needsTime: false,
    reads: (book) => [lookup('users', { username_key: `nobody ${firstUnknown(book)}` })],
    decide(book) {
      let number = 0;
      while (book.find('users', { username_key: `nobody ${number}` }) === undefined) {
        number += 1;
      }
      return { status: 200, body: number };
    },
  }),
};

test('a rule that the ledger cannot read for is an internal error of its own, and holds nobody up', async (t) => {
  const { ledger } = await openRealBooks(t, { rules: withStrangeReads });
  const [alice = 0] = await register(ledger, 'alice', 'bob');
  const outcomes = await Promise.all([
    ledger.decide({ rule: ruleNamed('read on from nothing'), input: null, caller: callerOf(null) }),
    ledger.decide(payment(alice, 'bob', {}, { key: '1' })),
    ledger.decide({ rule: ruleNamed('read on from nothing'), input: null, caller: callerOf(null) }),
  ]);
  t.deepEqual(outcomes.map(codeOf), ['INTERNAL_ERROR', undefined, 'INTERNAL_ERROR']);
});
