import test, { type ExecutionContext } from 'ava';
import { type Database, openWriter } from '../../../db/connect.js';
import { checkDatabaseFile } from '../../../server/features/books/check-database.js';
import { AuditedCredentials } from '../../../server/features/books/faults/audited-credentials.js';
import { rowNumber } from '../../../server/ids.js';
import { stateOf } from '../../../server/ledger/credential-state.js';
import type { Ledger } from '../../../server/ledger/ledger.js';
import { session } from '../../db/support/rows.js';
import { callerOf, registration } from '../../ledger/support/callers.js';
import { makeDatabaseFile } from '../../ledger/support/real-books.js';
import { ruleNamed } from '../../ledger/support/rule-named.js';
import { usualLifetimes } from '../../support/usual-lifetimes.js';
import { openSampleLedger } from './support/sample-books.js';

const digest = (digit: string) => digit.repeat(64);
const reason = 'so it is';

/** Alice with everything that gives a right, live and ended, a second factor that is on, and Bob, whom she blocks. */
async function makeCredentials(t: ExecutionContext, ledger: Ledger): Promise<void> {
  const act = async (rule: string, by: number | null, input: object, facts?: object) => {
    const { status, json } = await ledger.decide({
      ...{ rule: ruleNamed(rule), input, caller: { ...callerOf(by), ...facts } },
    });
    t.true(status < 300, `${rule} ${json}`);
    return json === '' ? {} : JSON.parse(json);
  };
  const register = async (name: string, given: object = {}) => {
    const { json } = await ledger.decide(registration(name, given));
    return rowNumber('usr', JSON.parse(json).id) ?? 0;
  };
  const root = await register('root', { role: 'admin' });
  const invite = (digits: readonly string[]) =>
    act('create-invitations', root, { tokenHashes: digits.map(digest), note: 'class', expiresInDays: 7 });
  await invite(['1', '2', '3']);
  const alice = await register('alice', { invitationId: 1 });
  await register('bob');
  await act('revoke-invitation', root, { invitationId: 2 });
  const logIn = (digit: string, passwordHash = 'hash of alice', newHash?: string) =>
    act('open-session', alice, {
      ...{ userId: alice, tokenHash: digest(digit), passwordHash, newHash, guesses: [] },
      lifetimes: usualLifetimes,
    });
  const makeToken = (digit: string) =>
    act('create-token', alice, {
      ...{ userId: alice, tokenHash: digest(digit), name: 'script', scopes: ['read'], expiresInDays: 9 },
    });
  const makeWebhook = (kind: 'session' | 'token', id: number) => {
    const input = { userId: alice, url: 'https://example.org/', types: ['*'], secret: `whsec_${id}` };
    return act('create-webhook', alice, input, { credential: { kind, id } });
  };
  await logIn('a');
  await logIn('b', 'hash of alice', 'another hash of alice');
  await makeToken('c');
  await makeToken('d');
  await makeWebhook('session', 1);
  await act('end-session', alice, { userId: alice, sessionId: 1 });
  await act('revoke-token', alice, { userId: alice, tokenId: 1 });
  await act('change-profile', alice, { userId: alice, displayName: 'Alice' });
  const change = { userId: alice, sessionId: 2, currentHash: 'another hash of alice', newHash: 'her own' };
  await act('change-password', alice, change);
  await makeToken('e');
  await makeWebhook('session', 2);
  await act('begin-factor', alice, { userId: alice, currentHash: 'her own', secret: 'sealed' });
  const now = 1_795_370_400;
  const factor = { secret: 'sealed', steps: [Math.floor(now / 30)], recoveryHash: null, guesses: [] };
  await act('confirm-factor', alice, { userId: alice, recoveryHashes: ['f', '0'].map(digest) }, { factor });
  const recovery = { secret: 'sealed', steps: [], recoveryHash: digest('f'), guesses: [] };
  await act('change-factor', alice, { userId: alice, above: 5_000 }, { factor: recovery });
  await act('change-block', alice, { userId: alice, username: 'bob', isBlocked: true });
  await act('reset-password', root, { username: 'bob', passwordHash: 'one-time', reason });
}

const set = (table: string, where: object, change: object) => (writer: Database) =>
  writer(table)
    .where(where)
    .update(change)
    .then((rows) => {
      if (rows !== 1) {
        throw new Error(`${rows} rows of ${table} were changed.`);
      }
    });
const drop = (table: string, where: object) => (writer: Database) => writer(table).where(where).delete();
const bytes = (digit: string) => Buffer.from(digest(digit), 'hex');

const another = 'is another than the audit trail says';
const inForce = 'is in force, where the audit trail says that it has ended';
const forged = 'was made by no act of the audit trail';
const alice = 'the password, email address or name of usr_0000000002';

/** What somebody changes past the server, and what the check says of it. */
type Trick = readonly [what: string, change: (writer: Database) => PromiseLike<unknown>, found: string];

const tricks: readonly Trick[] = [
  ['a password', set('users', { username: 'alice' }, { password_hash: 'mine' }), `${alice} ${another}`],
  [
    'the end of a one-time password',
    set('users', { username: 'bob' }, { one_time_until: null }),
    `the password, email address or name of usr_0000000003 ${another}`,
  ],
  [
    'an email address that was never changed',
    set('users', { username: 'alice' }, { email: 'm@example.org', email_key: 'm@example.org' }),
    `${alice} ${another}`,
  ],
  ['a name', set('users', { username: 'alice' }, { display_name: 'Bob' }), `${alice} ${another}`],
  [
    'the token of a session',
    set('sessions', { id: 2 }, { token_hash: bytes('9') }),
    `session ses_0000000002 ${another}`,
  ],
  ['whose a session is', set('sessions', { id: 2 }, { user_id: 1 }), `session ses_0000000002 ${another}`],
  [
    'the end of a session',
    set('sessions', { id: 2 }, { expires_at: 9e15 }),
    `session ses_0000000002 ${another}`,
  ],
  [
    'a session that had ended',
    set('sessions', { id: 1 }, { ended_at: null }),
    `session ses_0000000001 ${inForce}`,
  ],
  [
    'a session that had not',
    set('sessions', { id: 2 }, { ended_at: 9e15 }),
    'session ses_0000000002 has ended, where the audit trail says that it is in force',
  ],
  [
    'a session of his own',
    (writer) =>
      writer('sessions').insert({
        ...{ ...session, id: 3, user_id: 1, token_hash: bytes('8'), address: '10.0.0.1', place: 'known' },
        ...{ created_at: 1, expires_at: 9e15, ended_at: null, last_used_at: 1, idle_until: 9e15 },
      }),
    `session ses_0000000003 ${forged}`,
  ],
  [
    'what a token may do',
    set('tokens', { id: 3 }, { scopes: 'read pay' }),
    `token tok_0000000003 ${another}`,
  ],
  [
    'a token that was revoked',
    set('tokens', { id: 1 }, { revoked_at: null }),
    `token tok_0000000001 ${inForce}`,
  ],
  [
    'a token that a change of the password had ended',
    set('tokens', { id: 2 }, { revoked_at: null }),
    `token tok_0000000002 ${inForce}`,
  ],
  [
    'a token that is gone',
    drop('tokens', { id: 3 }),
    'token tok_0000000003 is not there, of which the audit trail tells',
  ],
  [
    'where a webhook leads',
    set('webhooks', { id: 2 }, { url: 'https://evil.example/' }),
    `webhook whk_0000000002 ${another}`,
  ],
  [
    'the secret of a webhook',
    set('webhooks', { id: 2 }, { secret: 'known' }),
    `webhook whk_0000000002 ${another}`,
  ],
  [
    'a webhook that had ended with its session',
    set('webhooks', { id: 1 }, { status: 'active' }),
    `webhook whk_0000000001 ${inForce}`,
  ],
  [
    'an invitation that was used',
    set('invitations', { id: 1 }, { used_by: null, used_at: null }),
    `invitation inv_0000000001 ${inForce}`,
  ],
  [
    'an invitation that was taken back',
    set('invitations', { id: 2 }, { revoked_at: null }),
    `invitation inv_0000000002 ${inForce}`,
  ],
  [
    'the secret of an invitation',
    set('invitations', { id: 3 }, { token_hash: bytes('7') }),
    `invitation inv_0000000003 ${another}`,
  ],
  [
    'a second factor off',
    set('second_factors', { user_id: 2 }, { status: 'off', secret: null }),
    'the second factor of usr_0000000002 has ended, where the audit trail says that it is in force',
  ],
  [
    'the recovery codes back that were used',
    set('second_factors', { user_id: 2 }, { recovery: ['f', '0'].map(digest).join(' ') }),
    `the second factor of usr_0000000002 ${another}`,
  ],
  [
    'the amount that asks for a code',
    set('second_factors', { user_id: 2 }, { above: null }),
    `the second factor of usr_0000000002 ${another}`,
  ],
  [
    'a second factor away',
    drop('second_factors', { user_id: 2 }),
    'the second factor of usr_0000000002 is not there, of which the audit trail tells',
  ],
  [
    'a second factor for somebody else',
    (writer) =>
      writer('second_factors').insert({
        ...{ user_id: 1, status: 'on', secret: 'mine', last_step: 0, above: null, recovery: '', since: 1 },
      }),
    `the second factor of usr_0000000001 ${forged}`,
  ],
  [
    'a block',
    set('blocks', { blocker_id: 2, blocked_id: 3 }, { ended_at: 9e15 }),
    'the block of usr_0000000003 by usr_0000000002 has ended, where the audit trail says that it is in force',
  ],
];

/** Tricks that are done together, since each of them is another credential's. */
function roundsOf(all: readonly Trick[]): readonly (readonly Trick[])[] {
  const rounds: Map<string, Trick>[] = [];
  for (const trick of all) {
    const [, , found] = trick;
    const whose = found.replace(/ (is|has|was) .*/, '');
    const round = rounds.find((tricksOf) => !tricksOf.has(whose));
    if (round) {
      round.set(whose, trick);
    } else {
      rounds.push(new Map([[whose, trick]]));
    }
  }
  return rounds.map((round) => [...round.values()]);
}

test('each credential that is changed past the server is found and named', async (t) => {
  const file = await makeDatabaseFile(t);
  const { ledger, close } = await openSampleLedger(file);
  await makeCredentials(t, ledger);
  await close();
  t.deepEqual((await checkDatabaseFile(file)).problems, []);
  const writer = openWriter(file);
  t.teardown(() => writer.destroy());
  const changed = ['users', 'sessions', 'tokens', 'webhooks', 'invitations', 'second_factors', 'blocks'];
  const before = new Map<string, object[]>();
  for (const table of changed) {
    before.set(table, await writer(table).select());
  }
  for (const round of roundsOf(tricks)) {
    for (const [, change] of round) {
      await change(writer);
    }
    const { problems } = await checkDatabaseFile(file);
    t.deepEqual(problems.toSorted(), round.map(([, , found]) => found).toSorted());
    await putBack(writer, before);
  }
  t.deepEqual((await checkDatabaseFile(file)).problems, []);
});

const keys: Readonly<Record<string, readonly string[]>> = {
  second_factors: ['user_id'],
  blocks: ['blocker_id', 'blocked_id'],
};

/** Makes the rows of the tables what they were. */
async function putBack(writer: Database, before: ReadonlyMap<string, object[]>): Promise<void> {
  for (const [table, rows] of before) {
    const key = keys[table] ?? ['id'];
    for (const row of rows) {
      await writer(table)
        .insert(row)
        .onConflict([...key])
        .merge();
    }
    const now: Record<string, unknown>[] = await writer(table).select();
    const textOf = (row: object) =>
      JSON.stringify(key.map((column) => (row as Record<string, unknown>)[column]));
    const there = new Set(rows.map(textOf));
    for (const row of now.filter((one) => !there.has(textOf(one)))) {
      await writer(table)
        .where(Object.fromEntries(key.map((column) => [column, row[column]])))
        .delete();
    }
  }
}

test('what only acts of older versions made is not judged, whatever is newer is', (t) => {
  const audited = new AuditedCredentials();
  const opened = (id: number) => ({
    action: 'session.opened',
    actor_id: 1,
    credentials: JSON.stringify(stateOf('sessions', { ...session, id, ended_at: null })),
  });
  audited.follow({ action: 'session.opened', actor_id: 1, credentials: null });
  audited.follow({ action: 'second-factor.begun', actor_id: 1, credentials: null });
  audited.follow(opened(5));
  audited.follow({ action: 'session.ended', actor_id: 1, credentials: '{"sessions 2":null}' });
  const faultOf = (id: number, ended_at: number | null) =>
    audited.faultOf('sessions', { ...session, id, ended_at });
  t.is(faultOf(1, null), undefined);
  t.is(faultOf(2, null), inForce);
  t.is(faultOf(5, null), undefined);
  t.is(faultOf(6, null), forged);
  const factor = { secret: 's', last_step: 0, above: null, recovery: '', since: 1 };
  const factorFault = (user_id: number, status: 'on' | 'off') =>
    audited.faultOf('second_factors', { ...factor, user_id, status });
  t.deepEqual(
    [factorFault(1, 'on'), factorFault(2, 'off'), factorFault(2, 'on')],
    [undefined, undefined, forged],
  );
  t.deepEqual(audited.unseen, []);
});

test('where there are too many credentials for one time, each is held against the trail in its part', (t) => {
  const parts = [0, 1].map(
    (part) => new AuditedCredentials((name) => Number(name.split(' ')[1]) % 2 === part),
  );
  const rows = [1, 2, 3, 4].map((id) => ({ ...session, id, ended_at: null }));
  for (const audited of parts) {
    for (const row of rows) {
      audited.follow({
        action: 'session.opened',
        actor_id: 1,
        credentials: JSON.stringify(stateOf('sessions', row)),
      });
    }
  }
  const changed = rows.map((row) => (row.id === 3 ? { ...row, expires_at: row.expires_at + 1 } : row));
  const faults = parts.map((audited) => changed.map((row) => audited.faultOf('sessions', row)));
  t.deepEqual(faults, [
    [undefined, undefined, undefined, undefined],
    [undefined, undefined, another, undefined],
  ]);
  t.deepEqual(
    parts.flatMap(({ unseen }) => unseen),
    [],
  );
});
