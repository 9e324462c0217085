import test from 'ava';
import { changeUser, newAdmin } from '../support/admins.js';
import { sharedServer } from '../support/api-server.js';
import type { Reply } from '../support/client.js';
import { parseCsv } from '../support/csv.js';
import { freshName, logIn, newPerson, type Person, pay, register } from '../support/people.js';
import { isRefused } from '../support/refusal.js';

const server = sharedServer(test);

let admin: Person;
let people: Person[];
/** The mark of the users of this test, out of all that tests here make. */
const mark = freshName('crowd');

test.serial.before('there is a crowd', async () => {
  admin = await newAdmin(server());
  people = [];
  for (const [place, currency] of ['GBP', 'USD', 'JPY', 'GBP', 'USD', 'KWD', 'GBP'].entries()) {
    people.push(await newPerson(server(), currency, `${mark}-${place}`));
  }
  const named = people.slice(0, 3).map(({ token }) => token);
  for (const [place, displayName] of ['ÉMILIE Ångström 100%', '=SUM(A1), "x"', '日本 🐙'].entries()) {
    const asked = { method: 'PATCH', token: named[place] ?? '', send: { displayName } };
    await server().ask('/v1/me', asked);
  }
  await changeUser(server(), admin, people[3] as Person, { status: 'frozen', role: 'admin' });
});

const names = (users: readonly { username: string }[]) => users.map(({ username }) => username);

async function pagesOf(query: string, token = admin.token): Promise<Reply['json'][]> {
  const users: Reply['json'][] = [];
  let cursor = '';
  do {
    const more = cursor === '' ? query : `cursor=${encodeURIComponent(cursor)}&limit=2`;
    const { status, json, text } = await server().ask(`/v1/admin/users?${more}`, { token });
    if (status !== 200) {
      throw new Error(text);
    }
    users.push(...json.data);
    cursor = json.nextCursor ?? '';
  } while (cursor !== '');
  return users;
}

test('every account is there with its balance, newest first, page by page', async (t) => {
  const users = await pagesOf(`q=${mark}&limit=2`);
  t.deepEqual(names(users), names(people).reverse());
  for (const [place, user] of users.toReversed().entries()) {
    const own = (await server().ask('/v1/me', { token: people[place]?.token ?? '' })).json;
    t.deepEqual(user, own);
  }
});

test('filters narrow by role, status and currency, and together', async (t) => {
  const found = async (query: string) => names(await pagesOf(`q=${mark}&limit=2&${query}`)).toReversed();
  const all = names(people);
  t.deepEqual(await found('role=admin'), [all[3]]);
  t.deepEqual(await found('role=user'), all.toSpliced(3, 1));
  t.deepEqual(await found('status=frozen'), [all[3]]);
  t.deepEqual(await found('status=active'), all.toSpliced(3, 1));
  t.deepEqual(await found('currency=USD'), [all[1], all[4]]);
  t.deepEqual(await found('currency=GBP&status=active&role=user'), [all[0], all[6]]);
  t.deepEqual(await found('currency=CHF'), []);
});

test('the search looks into usernames, addresses and display names, regardless of case', async (t) => {
  const found = async (q: string) => names(await pagesOf(`q=${encodeURIComponent(q)}&limit=50`));
  const [first, second, third] = names(people);
  t.deepEqual(await found((first ?? '').toUpperCase()), [first]);
  t.deepEqual(await found(`${second}@EXAMPLE`), [second]);
  t.deepEqual(await found('émilie ång'), [first]);
  t.deepEqual(await found('E\u0301MILIE A\u030aNG'), [first]);
  t.deepEqual(await found('日本'), [third]);
  t.deepEqual(await found('100%'), [first]);
  t.deepEqual(await found('100_'), []);
  t.deepEqual(await found("'; drop table users; --"), []);
});

test('a display name that changes is found by the new one alone', async (t) => {
  const someone = await newPerson(server());
  const call = (displayName: string | null) =>
    server().ask('/v1/me', { method: 'PATCH', token: someone.token, send: { displayName } });
  const found = async (q: string) => names(await pagesOf(`q=${q}&limit=50`));
  await call('Quixotic');
  t.deepEqual(await found('QUIXOTIC'), [someone.username]);
  await call('Zephyr');
  t.deepEqual([await found('quixotic'), await found('zephyr')], [[], [someone.username]]);
  await call(null);
  t.deepEqual(await found('zephyr'), []);
});

test('as CSV the whole filtered list is given, whatever the limit', async (t) => {
  const headers = { accept: 'text/csv' };
  const asked = { token: admin.token, headers };
  const reply = await server().ask(`/v1/admin/users?q=${mark}&limit=1`, asked);
  t.is(reply.headers['content-type'], 'text/csv; charset=utf-8; header=present');
  const lines = parseCsv(reply.text);
  const users = await pagesOf(`q=${mark}&limit=50`);
  t.deepEqual(
    lines,
    users.map(({ balance, displayName, ...user }) => ({
      ...user,
      // What a spreadsheet would run stands behind an apostrophe.
      displayName: displayName?.startsWith('=') ? `'${displayName}` : (displayName ?? ''),
      balance: balance.amount,
    })),
  );
  t.is(reply.text.split('\r\n')[0], 'id,username,displayName,email,role,status,currency,balance,createdAt');
  const { json } = await server().ask(`/v1/admin/users?q=${mark}&limit=2`, { token: admin.token });
  const rest = await server().ask(`/v1/admin/users?cursor=${json.nextCursor}`, asked);
  t.deepEqual(parseCsv(rest.text), lines.slice(2));
});

test('a cursor carries its filters and is the administrator’s own', async (t) => {
  const other = await newAdmin(server());
  const { json } = await server().ask(`/v1/admin/users?q=${mark}&limit=2`, { token: admin.token });
  const at = (query: string, token = admin.token) => server().ask(`/v1/admin/users?${query}`, { token });
  const cursor = `cursor=${json.nextCursor}`;
  t.is((await at(`${cursor}&q=${mark}`)).status, 200);
  isRefused(t, await at(`${cursor}&q=else`), 'INVALID_CURSOR');
  isRefused(t, await at(`${cursor}&role=user`), 'INVALID_CURSOR');
  isRefused(t, await at(cursor, other.token), 'INVALID_CURSOR');
  isRefused(t, await at(`${cursor}x`), 'INVALID_CURSOR');
  isRefused(t, await server().ask(`/v1/admin/payments?${cursor}`, { token: admin.token }), 'INVALID_CURSOR');
});

test('filters of another form are refused by their names', async (t) => {
  for (const [query, field] of [
    ['role=boss', 'role'],
    ['status=cold', 'status'],
    ['q=', 'q'],
    ['limit=101', 'limit'],
  ]) {
    const reply = await server().ask(`/v1/admin/users?${query}`, { token: admin.token });
    isRefused(t, reply, 'VALIDATION_FAILED', { fields: [field ?? ''] });
  }
  const reply = await server().ask('/v1/admin/users?currency=XXX', { token: admin.token });
  isRefused(t, reply, 'UNKNOWN_CURRENCY');
});

test('one user is seen whole, and without secrets', async (t) => {
  const { ask } = server();
  const [alice, bob] = await Promise.all([newPerson(server()), newPerson(server())]);
  const path = `/v1/admin/users/${alice.username.toUpperCase()}`;
  const fresh = (await ask(path, { token: admin.token })).json;
  const own = (await ask('/v1/me', { token: alice.token })).json;
  t.like(fresh, own);
  t.like(fresh, { payments: 1, mustChangePassword: false, frozen: null, webhooks: 0 });
  t.like(fresh.sessions, { active: 1, newest: { 0: { address: '127.0.0.1' } } });
  t.deepEqual(fresh.tokens, { active: 0, newest: [] });
  t.is(fresh.lastLoginAt, fresh.sessions.newest[0].openedAt);

  const send = { name: 'till', scopes: ['read', 'pay'] };
  const { json: token } = await ask('/v1/tokens', { token: alice.token, send });
  const { json: payment } = await pay(server(), alice, { to: bob.username, amount: '1.00' });
  const asking = { from: bob.username, amount: '2.00' };
  await ask('/v1/requests', { token: alice.token, key: freshName(), send: asking });
  const incoming = { token: bob.token, key: freshName(), send: { ...asking, from: alice.username } };
  const { json: declined } = await ask('/v1/requests', incoming);
  const again = { ...incoming.send, memo: 'again' };
  await ask('/v1/requests', { ...incoming, key: freshName(), send: again });
  await ask(`/v1/requests/${declined.id}/decline`, { token: alice.token, send: {} });
  await logIn(server(), alice.username);

  const reply = await ask(path, { token: admin.token });
  t.like(reply.json, {
    payments: 2,
    lastPaymentAt: payment.createdAt,
    pendingRequests: { incoming: 1, outgoing: 1 },
    sessions: { active: 2 },
    tokens: { active: 1, newest: { 0: { id: token.id, name: 'till', scopes: ['read', 'pay'] } } },
  });
  t.notRegex(reply.text, new RegExp(`${token.token}|${alice.token}|argon2`));
  await ask(`/v1/tokens/${token.id}`, { method: 'DELETE', token: alice.token });
  await ask('/v1/sessions/current', { method: 'DELETE', token: alice.token });
  const after = (await ask(path, { token: admin.token })).json;
  t.deepEqual([after.tokens.active, after.sessions.active], [0, 1]);
});

test('of many sessions the newest are shown and all are counted', async (t) => {
  const alice = await newPerson(server());
  for (let count = 0; count < 11; count += 1) {
    await logIn(server(), alice.username);
  }
  const path = `/v1/admin/users/${alice.username}`;
  const { sessions } = (await server().ask(path, { token: admin.token })).json;
  t.deepEqual([sessions.active, sessions.newest.length], [12, 10]);
  const opened = sessions.newest.map(({ openedAt }: { openedAt: string }) => openedAt);
  t.deepEqual(opened, opened.toSorted().reverse());
});

test('who is frozen is seen with when, by whom and why, until they are not', async (t) => {
  const alice = await newPerson(server());
  const frozen = async () =>
    (await server().ask(`/v1/admin/users/${alice.username}`, { token: admin.token })).json.frozen;
  await changeUser(server(), admin, alice, { status: 'frozen' });
  const { at, ...rest } = await frozen();
  t.deepEqual(rest, { by: admin.username, reason: 'because' });
  t.regex(at, /^\d{4}-.*\.\d{6}Z$/);
  await changeUser(server(), admin, alice, { status: 'active' });
  t.is(await frozen(), null);
});

test('whom nobody knows is NOT_FOUND', async (t) => {
  for (const name of ['nobody', 'a%00b', '%F0%9F%90%99', 'x'.repeat(300)]) {
    isRefused(t, await server().ask(`/v1/admin/users/${name}`, { token: admin.token }), 'NOT_FOUND');
    isRefused(
      t,
      await server().ask(`/v1/admin/users/${name}/password`, {
        token: admin.token,
        send: { reason: 'because' },
      }),
      'NOT_FOUND',
    );
  }
});

test('a name that needs escapes is found', async (t) => {
  const username = `${freshName()}+a@b.c`;
  await register(server(), { username, email: `${freshName()}@example.org` } as { username: string });
  const path = `/v1/admin/users/${encodeURIComponent(username)}`;
  t.is((await server().ask(path, { token: admin.token })).json.username, username);
});
