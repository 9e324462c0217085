import test, { type ExecutionContext } from 'ava';
import { rules } from '../../server/compose/rules.js';
import { LedgerBook } from '../../server/ledger/book/ledger-book.js';
import { callerReads, judgeCredential, mostAheadMicros } from '../../server/ledger/judge-credential.js';
import type { Caller } from '../../server/ledger/rule.js';
import { callerOf, payment } from './support/callers.js';
import { openGuarded } from './support/credentials.js';
import { emptyBookState } from './support/empty-book-state.js';
import { bodyOf, codeOf } from './support/outcomes.js';
import { ruleNamed } from './support/rule-named.js';

type Credential = NonNullable<Caller['credential']>;

async function openHouse(t: ExecutionContext) {
  const books = await openGuarded(t);
  const { alice, openSession, createToken } = books;
  const [mine, other] = [
    await openSession(alice, 'hash of alice'),
    await openSession(alice, 'hash of alice'),
  ];
  const callWith = (credential: Credential): Caller => ({ ...callerOf(alice), credential });
  const pay = (credential: Credential, key?: string) =>
    books.ledger.decide(payment(alice, 'bob', {}, { caller: callWith(credential), ...(key && { key }) }));
  const session = { kind: 'session', id: mine } as const;
  const token = { kind: 'token', id: await createToken(alice) } as const;
  return { ...books, callWith, pay, session, token, other };
}

test('what was asked for with a session or a token that has ended meanwhile is not done, whatever the rule', async (t) => {
  const { alice, decide, pay, callWith, session, token, ledger, rows } = await openHouse(t);
  t.is((await pay(session)).status, 201);
  t.is((await pay(token)).status, 201);
  await decide(alice, 'end-session', { sessionId: session.id });
  await decide(alice, 'revoke-token', { tokenId: token.id });
  const tables = ['payments', 'sessions', 'tokens', 'users', 'audit', 'idempotency_keys'] as const;
  const all = () => Promise.all(tables.map((table) => rows(table)));
  const before = await all();
  for (const rule of Object.keys(rules)) {
    for (const credential of [session, token]) {
      const input = { userId: alice, senderId: alice, requesterId: alice, items: [], username: 'bob' };
      const outcome = await ledger.decide({
        rule: ruleNamed(rule),
        input,
        facts: null,
        caller: callWith(credential),
        key: rule,
      });
      t.is(codeOf(outcome), 'UNAUTHENTICATED', rule);
    }
  }
  t.deepEqual(await all(), before);
});

test('a logout, a revocation and a change of password refuse what comes after them in the same batch', async (t) => {
  const { alice, decide, pay, session, token, other } = await openHouse(t);
  const ends = [
    () => decide(alice, 'revoke-token', { tokenId: token.id }),
    () =>
      decide(alice, 'change-password', {
        ...{ sessionId: other, currentHash: 'hash of alice', newHash: 'another' },
      }),
  ];
  const credentials = [token, session];
  for (const [index, end] of ends.entries()) {
    const credential = credentials[index] as Credential;
    const [before, ended, after] = await Promise.all([pay(credential), end(), pay(credential)]);
    t.deepEqual([before.status, ended.status, codeOf(after)], [201, 204, 'UNAUTHENTICATED']);
  }
  t.is((await pay({ kind: 'session', id: other })).status, 201);
});

test('a replay is an answer, too: without a credential that holds it is not given', async (t) => {
  const { alice, decide, pay, session, token } = await openHouse(t);
  const first = await pay(token, 'k');
  t.is((await pay(session, 'k')).json, first.json);
  await decide(alice, 'revoke-token', { tokenId: token.id });
  t.is(codeOf(await pay(token, 'k')), 'UNAUTHENTICATED');
  t.like(await pay(session, 'k'), { isReplay: true, json: first.json });
});

test('a credential of somebody else, or of nobody, opens nothing', async (t) => {
  const { bob, openSession, pay, rows } = await openHouse(t);
  const theirs = await openSession(bob, 'hash of bob');
  for (const id of [theirs, theirs + 1]) {
    const outcome = await pay({ kind: 'session', id });
    t.is(codeOf(outcome), 'UNAUTHENTICATED');
    t.regex(bodyOf(outcome).detail, /nothing was done/);
  }
  t.is((await rows('payments')).filter(({ kind }) => kind === 'transfer').length, 0);
});

const end = 1_795_370_400_000_000;
const common = { id: 3, user_id: 1, token_hash: 'a'.repeat(64), created_at: 1, last_used_at: 1 };
const session = { ...common, ended_at: null, address: '', place: 'first' };
const token = { ...common, revoked_at: null, name: '', scopes: 'pay' };

const ending = [
  {
    of: 'a session that is left alone',
    kind: 'session',
    row: { ...session, idle_until: end, expires_at: end + 5 },
  },
  {
    of: 'a session that is used all the time',
    kind: 'session',
    row: { ...session, idle_until: end + 5, expires_at: end },
  },
  { of: 'a token', kind: 'token', row: { ...token, expires_at: end } },
] as const;

for (const { of: title, kind, row } of ending) {
  test(`${title} holds until the microsecond of its end, by the machine's time`, (t) => {
    const caller: Caller = { ...callerOf(1), credential: { kind, id: row.id } };
    const book = new LedgerBook(emptyBookState());
    book.beginBatch();
    book.load(callerReads(caller), [row]);
    const judgeAt = (machineNow: number) => judgeCredential(book, caller, { now: 2 * end, machineNow });
    t.notThrows(() => judgeAt(end - 1));
    t.like(
      t.throws(() => judgeAt(end)),
      { code: 'UNAUTHENTICATED' },
    );
  });
}

test('a session of a clock that was ahead acts for nobody once the clock is right', (t) => {
  const caller: Caller = { ...callerOf(1), credential: { kind: 'session', id: session.id } };
  const ahead = end + 365 * 86_400_000_000;
  const opened = { ...session, created_at: ahead, idle_until: ahead + 1, expires_at: ahead + 2 };
  const book = new LedgerBook(emptyBookState());
  book.beginBatch();
  book.load(callerReads(caller), [opened]);
  const judgeAt = (machineNow: number) => judgeCredential(book, caller, { now: end, machineNow });
  t.notThrows(() => judgeAt(ahead - mostAheadMicros));
  t.like(
    t.throws(() => judgeAt(ahead - mostAheadMicros - 1)),
    { code: 'UNAUTHENTICATED' },
  );
});
