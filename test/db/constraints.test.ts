import test, { type ExecutionContext } from 'ava';
import { type Database, openWriter } from '../../db/connect.js';
import type { Rows, TableName } from '../../db/rows.js';
import { tables } from '../../db/tables.js';
import { publicId } from '../../server/ids.js';
import { genesisHash } from '../../server/ledger/chain.js';
import { issuanceAccountId } from '../../server/ledger/system-accounts.js';
import { makeDatabaseFile } from '../ledger/support/real-books.js';
import { engine } from '../support/engine.js';
import { openWriterOf } from './support/database.js';
import {
  alice,
  aliceAccount,
  block,
  bob,
  bobAccount,
  carol,
  carolAccount,
  collection,
  credit,
  debit,
  delivery,
  event,
  exchange,
  fundsRefusal,
  issuance,
  limit,
  nextPayment,
  payment,
  rates,
  readTables,
  record,
  remembered,
  request,
  secondFactor,
  session,
  token,
  webhook,
  writeStory,
} from './support/rows.js';
import { storedRow } from './support/stored-rows.js';

const tooLarge = Number.MAX_SAFE_INTEGER + 1;

async function makeBooks(t: ExecutionContext): Promise<Database> {
  const writer = openWriterOf(t, await makeDatabaseFile(t));
  await writeStory(writer);
  return writer;
}

/** What an engine says, behind the code that it has for it. */
type Refusal = Readonly<Record<typeof engine, RegExp>>;

const check: Refusal = {
  SQLite: /CHECK constraint failed/,
  // What has another type, or is beyond it, PostgreSQL does not even take for a value.
  PostgreSQL: /^(?:23514|22P02|22003|22008|08P01) /,
};
const unique: Refusal = { SQLite: /UNIQUE constraint failed/, PostgreSQL: /^23505 / };
const foreign: Refusal = { SQLite: /FOREIGN KEY constraint failed/, PostgreSQL: /^23503 / };
const missing: Refusal = { SQLite: /NOT NULL constraint failed/, PostgreSQL: /^23502 / };
const appended = (table: string): Refusal => ({
  SQLite: new RegExp(`${table} is append-only`),
  PostgreSQL: new RegExp(`^P0001 .*${table} is append-only`, 's'),
});
const kept: Refusal = {
  SQLite: /FOREIGN KEY constraint failed|are kept/,
  PostgreSQL: /^P0001 .*(?:are kept|keep their numbers)/s,
};

let shared: Promise<Database> | undefined;

async function openStory(file: Promise<string>): Promise<Database> {
  const writer = openWriter(await file);
  await writeStory(writer);
  return writer;
}

/** Books that nothing gets into: those of each test, or on PostgreSQL, where to make them takes longer, those of all. */
function refusingBooks(t: ExecutionContext): Promise<Database> {
  if (engine === 'SQLite') {
    return makeBooks(t);
  }
  shared ??= openStory(makeDatabaseFile(t));
  return shared;
}

test.after.always(async () => {
  await (await shared)?.destroy();
});

async function assertRefused(
  t: ExecutionContext,
  refusal: Refusal,
  attempt: (writer: Database) => PromiseLike<unknown>,
): Promise<void> {
  const writer = await refusingBooks(t);
  const before = await readTables(writer);
  const error = await t.throwsAsync(Promise.resolve(attempt(writer)));
  const said = `${(error as NodeJS.ErrnoException).code} ${error?.message}`;
  t.regex(said, refusal[engine]);
  t.true(engine === 'PostgreSQL' || said.startsWith('SQLITE_CONSTRAINT '), said);
  t.deepEqual(await readTables(writer), before);
}

const onSqlite = engine === 'SQLite';

/** Rows of a table that must not get in, each told from a good one by what is wrong with it. */
function refuses<Table extends TableName>(
  table: Table,
  good: Rows[Table],
  refusal: Refusal,
  faults: { readonly [fault: string]: { readonly [Column in keyof Rows[Table]]?: unknown } },
): void {
  for (const [fault, wrong] of Object.entries(faults)) {
    test(`${table} refuses ${fault}`, (t) =>
      assertRefused(t, refusal, (writer) => writer(table).insert(storedRow(table, { ...good, ...wrong }))));
  }
}

/** The values that no column of whole numbers takes. */
const noIntegers = (column: string) => ({
  [`a fraction as its ${column}`]: { [column]: 1.5 },
  [`a text as its ${column}`]: { [column]: 'ten' },
  [`a decimal text as its ${column}`]: { [column]: '12.50' },
  [`bytes as its ${column}`]: { [column]: Buffer.from('12') },
  [`an unsafe integer as its ${column}`]: { [column]: tooLarge },
  [`an infinite ${column}`]: { [column]: Number.POSITIVE_INFINITY },
});

test('every good row that the refused ones are made from gets in', async (t) => {
  const writer = await makeBooks(t);
  await writer('users').insert(carol);
  await writer('accounts').insert(carolAccount);
  await writer('payments').insert(storedRow('payments', nextPayment));
  await writer('entries').insert(nextEntry);
  await writer('sessions').insert(storedRow('sessions', nextSession));
  await writer('tokens').insert(storedRow('tokens', nextToken));
  await writer('idempotency_keys').insert(storedRow('idempotency_keys', nextKey));
  await writer('limits').insert(nextLimit);
  t.is((await readTables(writer)).users?.length, 3);
});

refuses('users', carol, unique, {
  'a username in use': { username: 'bob', username_key: 'bob' },
  'a username in use in other letter case': { username: 'BoB', username_key: 'bob' },
  'an id in use': { id: alice.id },
});
refuses('users', carol, check, {
  'a username whose key keeps its case': { username: 'Bob', username_key: 'Bob' },
  'a username whose key is another name': { username: 'Bob', username_key: 'bab' },
  'an email whose key keeps its case': { email: 'Bob@example.com', email_key: 'Bob@example.com' },
  'a username of full stops alone': { username: '..', username_key: '..' },
  'an empty username': { username: '', username_key: '' },
  'a username of 101 characters': { username: 'a'.repeat(101), username_key: 'a'.repeat(101) },
  'an unknown role': { role: 'root' },
  'an unknown status': { status: 'gone' },
  'a currency in small letters': { currency: 'gbp' },
  'a currency of four letters': { currency: 'GBPS' },
  'an empty currency': { currency: '' },
  'a one-time password until before 1970': { one_time_until: -1 },
  'a time before 1970': { created_at: -1 },
  ...noIntegers('created_at'),
});
refuses('users', carol, missing, {
  'no username': { username: null },
  'no email': { email: null },
  'no role': { role: null },
  'no password': { password_hash: null },
});

const withCarol = { ...carolAccount, user_id: bob.id };
refuses('accounts', { ...issuance, id: issuanceAccountId('USD'), currency: 'USD' }, check, {
  'a positive balance of issuance': { balance: 1 },
  'an account of the system that has a user': { user_id: bob.id },
  'an unknown kind': { kind: 'savings' },
  'a currency in small letters': { currency: 'usd' },
  'a balance beyond what is exact': { balance: -tooLarge },
  ...noIntegers('balance'),
});
refuses('accounts', withCarol, check, {
  'a customer with a negative balance': { balance: -1 },
  'a customer without a user': { user_id: null },
});
refuses('accounts', withCarol, unique, { 'a second account of a user': {} });
refuses('accounts', issuance, unique, {
  'a second issuance of a currency': { id: -1 },
  'a second exchange of a currency': { ...exchange, id: -1 },
});
refuses('accounts', withCarol, foreign, {
  'an account of a user who does not exist': { user_id: 99 },
});

refuses('payments', nextPayment, check, {
  'a sent amount of zero': { sent_amount: 0 },
  'a negative sent amount': { sent_amount: -5 },
  'a received amount of zero': { received_amount: 0 },
  'a negative received amount': { received_amount: -5 },
  ...noIntegers('sent_amount'),
  ...noIntegers('received_amount'),
  ...noIntegers('position'),
  'an unknown kind': { kind: 'gift' },
  'a sent currency in small letters': { sent_currency: 'gbp' },
  'a received currency of two letters': { received_currency: 'GB' },
  'a payment to oneself': { to_user_id: alice.id },
  'a payment of nobody to nobody': { from_user_id: null, to_user_id: null },
  'a text to be searched without a memo': { memo: null },
  'a refund of nothing': { kind: 'refund' },
  'a transfer that refunds': { refund_of: payment.id },
  'a paid request without its request': { kind: 'request' },
  'a transfer with a request': { request_id: 1 },
  'a transfer that corrects': { corrects: payment.id },
  'rates within one currency': { rates_id: 1 },
  'a conversion without its rates': { received_currency: 'USD' },
  'a position of zero': { position: 0 },
  'a chain of zero': { chain: 0 },
  'a hash that is too short': { hash: 'f'.repeat(63) },
  // PostgreSQL takes these letters for the bytes that they stand for.
  ...(onSqlite && { 'a hash in text': { hash: 'F'.repeat(32) } }),
});
refuses('payments', nextPayment, unique, {
  'an id in use': { id: payment.id },
});
refuses('payments', nextPayment, foreign, {
  'a sender who does not exist': { from_user_id: 99 },
  'a receiver who does not exist': { to_user_id: 99 },
  'a refund of a payment that does not exist': { kind: 'refund', refund_of: 99 },
  'a correction of a payment that does not exist': { kind: 'adjustment', corrects: 99 },
  'a request that does not exist': { kind: 'request', request_id: 99 },
  'rates that do not exist': { received_currency: 'USD', rates_id: 99 },
});
refuses('payments', nextPayment, missing, {
  'no amount': { sent_amount: null },
  'no hash': { hash: null },
  'no time': { created_at: null },
});

test('a request is paid by one payment at most', async (t) => {
  const writer = await makeBooks(t);
  const paid = { ...nextPayment, kind: 'request', request_id: request.id } as const;
  await writer('payments').insert(storedRow('payments', paid));
  const again = writer('payments').insert(storedRow('payments', { ...paid, id: 3, position: 3 }));
  await t.throwsAsync(Promise.resolve(again), { code: onSqlite ? 'SQLITE_CONSTRAINT' : '23505' });
  t.is((await readTables(writer)).payments?.length, 2);
});

refuses('rates', { ...rates, id: 2 }, check, {
  'a day that there is not': { as_of: '2026-02-30' },
  'a base in small letters': { base: 'gbp' },
});

const nextEntry = { ...debit, account_id: issuance.id };
refuses('entries', nextEntry, check, {
  'an entry of nothing': { amount: 0 },
  'a line of zero': { line: 0 },
  'a fifth line': { line: 5 },
  'an unknown kind': { kind: 'gift' },
  ...noIntegers('amount'),
  ...noIntegers('balance_after'),
});
refuses('entries', nextEntry, unique, {
  'a second entry of a payment on an account': { account_id: debit.account_id },
});
refuses('entries', nextEntry, foreign, {
  'an entry of a payment that does not exist': { payment_id: 99 },
  'an entry of an account that does not exist': { account_id: 99 },
});

const nextSession = { ...session, id: 2, token_hash: 'd'.repeat(64), place: 'known' as const };
refuses('sessions', nextSession, unique, {
  'a token hash in use': { token_hash: session.token_hash },
  'a second first place of a user': { place: 'first', address: '127.0.0.2' },
  'a place that is new to the user twice': { place: 'new' },
});
refuses('sessions', nextSession, foreign, { 'a user who does not exist': { user_id: 99 } });
refuses('sessions', nextSession, check, {
  'an end before its beginning': { expires_at: 1 },
  'a token in clear': { token_hash: 'pay_ses_abc' },
  'a place of another sort': { place: 'old' },
  ...noIntegers('expires_at'),
});

const nextToken = { ...token, id: 2, token_hash: 'e'.repeat(64) };
refuses('tokens', nextToken, unique, { 'a token hash in use': { token_hash: token.token_hash } });
refuses('tokens', nextToken, foreign, { 'a user who does not exist': { user_id: 99 } });
refuses('tokens', nextToken, check, { 'an end before its beginning': { expires_at: 1 } });

const nextLimit = { ...limit, subject: publicId('usr', alice.id), user_id: alice.id };

refuses('limits', nextLimit, check, {
  'a currency as the subject of a user': { subject: limit.currency },
  'another currency as its subject': { subject: 'USD', user_id: null },
  'a currency that is none': { subject: 'usd', user_id: null, currency: 'usd' },
  'a payment of nothing at most': { per_payment: 0 },
  'a day of less than nothing': { per_day: -1 },
  ...noIntegers('per_payment'),
  ...noIntegers('per_day'),
});
refuses('limits', nextLimit, unique, {
  'a second row of a user': { subject: limit.subject, user_id: bob.id },
});
refuses('limits', nextLimit, foreign, {
  'a user who does not exist': { subject: publicId('usr', 99), user_id: 99 },
});

const nextKey = { ...remembered, key: 'key-2' };
refuses('idempotency_keys', nextKey, unique, { 'a key that its user has used': { key: remembered.key } });
refuses('idempotency_keys', nextKey, foreign, { 'a user who does not exist': { user_id: 99 } });
refuses('idempotency_keys', nextKey, check, {
  'an empty key': { key: '' },
  'a key of 256 characters': { key: 'k'.repeat(256) },
  'an answer that says the outcome is unknown': { status: 503 },
  'an input hash that is none': { input_hash: 'abc' },
  'neither an answer nor a payment': { answer: null },
});

test('another user may use the same key', async (t) => {
  const writer = await makeBooks(t);
  await writer('idempotency_keys').insert(storedRow('idempotency_keys', { ...remembered, user_id: bob.id }));
  t.is((await writer('idempotency_keys')).length, 2);
});

const wrongUpdates: readonly (readonly [string, Refusal, string])[] = [
  ['a customer balance below zero', check, `update accounts set balance = -1 where id = ${aliceAccount.id}`],
  ['an account of another kind', check, `update accounts set kind = 'issuance' where id = ${bobAccount.id}`],
  [
    'a username that is taken',
    unique,
    "update users set username = 'BOB', username_key = 'bob' where id = 1",
  ],
  ['the currency in small letters', check, "update users set currency = 'usd'"],
];
for (const [act, refusal, statement] of wrongUpdates) {
  test(`an update cannot give ${act}`, (t) => assertRefused(t, refusal, (writer) => writer.raw(statement)));
}
if (onSqlite) {
  // PostgreSQL rounds a fraction that a statement of its own makes; one that is handed to it is refused above.
  test('an update cannot give a fraction in a balance', (t) =>
    assertRefused(t, check, (writer) =>
      writer.raw(`update accounts set balance = 0.5 where id = ${bobAccount.id}`),
    ));
}

const nextRequest = { ...request, id: 2, collection_id: null };
refuses('requests', nextRequest, check, {
  'somebody who asks themselves': { payer_id: request.requester_id },
  'an amount of nothing': { amount: 0 },
  'an unknown status': { status: 'open' },
  'a pending one that was closed': { closed_at: 3 },
  'a closed one that was never closed': { status: 'declined' },
  'a paid one without its payment': { status: 'paid', closed_at: 3 },
  'a payment of one that is not paid': { status: 'declined', closed_at: 3, payment_id: payment.id },
  'a reason of one that is not declined': { reason: 'no' },
  'an end before its beginning': { expires_at: 3 },
});

for (const [act, statement] of Object.entries({
  'changed once it is closed': 'update requests set status = status',
  'opened again': "update requests set status = 'pending', closed_at = null, reason = null",
})) {
  test(`a request is not ${act}`, async (t) => {
    const writer = await makeBooks(t);
    await writer('requests').update({ status: 'declined', closed_at: 3, reason: 'no' });
    const before = await readTables(writer);
    await t.throwsAsync(Promise.resolve(writer.raw(statement)), {
      message: /a closed request does not change/,
    });
    t.deepEqual(await readTables(writer), before);
  });
}

test('a request is not removed', (t) =>
  assertRefused(t, kept, (writer) => writer.raw('delete from requests')));

refuses('funds_refusals', { ...fundsRefusal, requester_id: alice.id, payer_id: bob.id }, check, {
  'more refusals than there may be a day': { refusals: 6 },
  'a row of no refusal': { refusals: 0 },
  'somebody who asks themselves': { payer_id: alice.id },
});

refuses('collections', { ...collection, id: 2 }, check, {
  'an end before its beginning': { expires_at: 3 },
  'a currency in small letters': { currency: 'gbp' },
});
refuses('collections', { ...collection, id: 2 }, foreign, {
  'an owner who does not exist': { owner_id: 99 },
});
refuses('requests', nextRequest, unique, {
  'a second request of one person in one collection': { collection_id: 1 },
});
refuses('requests', nextRequest, foreign, {
  'a requester who does not exist': { requester_id: 99 },
  'a payer who does not exist': { payer_id: 99 },
  'a payment that does not exist': { status: 'paid', closed_at: 3, payment_id: 99 },
  'a collection that is not there': { collection_id: 2 },
});

test('a collection that is closed stays as it is', async (t) => {
  const writer = await makeBooks(t);
  await writer('collections').update({ closed_at: 5 });
  const reopening = Promise.resolve(writer('collections').update({ closed_at: null }));
  await t.throwsAsync(reopening, { message: /a closed collection does not change/ });
});

refuses('blocks', { ...block, blocker_id: alice.id, blocked_id: bob.id }, check, {
  'somebody who blocks themselves': { blocked_id: alice.id },
});
refuses('events', { ...event, id: 2 }, check, {
  'a payment and data beside it': { payment_id: payment.id },
  'neither a payment nor data': { data: null },
  'a number of zero': { id: 0 },
});
refuses('events', { ...event, id: 2 }, unique, { 'a number in use': { id: event.id } });
refuses('webhooks', { ...webhook, id: 2 }, check, { 'an unknown status': { status: 'gone' } });
refuses('deliveries', { ...delivery, id: 2, event_id: 2 }, check, {
  'an unknown status': { status: 'lost' },
  'a pending one that nothing is due for': { status: 'pending' },
  'a delivered one that is due': { next_attempt_at: 3 },
  'more attempts than there may be': { attempts: 1001 },
});
refuses('deliveries', { ...delivery, id: 2, event_id: 2 }, unique, {
  'a second delivery of an event to a webhook': { event_id: event.id },
});
refuses('second_factors', { ...secondFactor, user_id: bob.id }, check, {
  'an unknown status': { status: 'lost' },
  'one that is on without its secret': { secret: null },
  'one that is off with its secret': { status: 'off' },
  'an amount of nothing above which it is asked for': { above: 0 },
});
refuses('audit', { ...record, id: 2, position: 2 }, unique, {
  'a second record of one position': { position: record.position },
});
refuses('audit', { ...record, id: 2, position: 2 }, check, {
  'a chain of zero': { chain: 0 },
  'a hash that is too short': { hash: 'f'.repeat(62) },
});
refuses('chain_heads', { name: 'payments', chain: 2, position: 0, hash: genesisHash, at: 0 }, check, {
  'a chain of another name': { name: 'rates' },
  'a chain of payments that no writer has': { chain: 0 },
  'a second count of commits': { name: 'commits' },
});
refuses('chain_heads', { name: 'payments', chain: 2, position: 0, hash: genesisHash, at: 0 }, unique, {
  'a second end of a chain': { chain: 1 },
});

for (const [what, statement] of Object.entries({
  'a user who has an account': `delete from users where id = ${alice.id}`,
  'an account that has entries': `delete from accounts where id = ${credit.account_id}`,
  'the id of a user who has an account': `update users set id = 99 where id = ${bob.id}`,
})) {
  test(`what is referred to stays: ${what}`, (t) =>
    assertRefused(t, kept, (writer) => writer.raw(statement)));
}

const appendOnly = {
  payments: 'rate',
  entries: 'amount',
  idempotency_keys: 'answer',
  events: 'data',
  audit: 'after',
  rates: 'currencies',
} as const;

/** What only SQLite can be asked. */
const replacing = (table: string, column: string): readonly string[] => [
  `update or replace ${table} set ${column} = '7'`,
  `update or ignore ${table} set ${column} = '7'`,
  `update or rollback ${table} set ${column} = '7'`,
  `insert or replace into ${table} select * from ${table}`,
  `replace into ${table} select * from ${table}`,
  `insert into ${table} select * from ${table} where true on conflict do update set ${column} = '7'`,
];

for (const [table, column] of Object.entries(appendOnly)) {
  const key = tables[table as TableName].primaryKey;
  for (const statement of [
    `update ${table} set ${column} = '7'`,
    `update ${table} set ${column} = ${column}`,
    `delete from ${table}`,
    `delete from ${table} where ${key[0]} is not null`,
    ...(onSqlite
      ? replacing(table, column)
      : [
          `truncate ${table} cascade`,
          `insert into ${table} select * from ${table} on conflict (${key.join(', ')}) do update set ${column} = '7'`,
        ]),
  ]) {
    test(`append-only refuses ${statement}`, (t) =>
      assertRefused(t, appended(table), (writer) => writer.raw(statement)));
  }
}

if (onSqlite) {
  test('replacing a payment by one of its number is refused', (t) =>
    assertRefused(t, appended('payments'), (writer) =>
      writer.raw(
        `insert or replace into payments select id, ${Object.keys(payment).slice(1).join(', ')} from payments`,
      ),
    ));
}
