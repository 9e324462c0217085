import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import test from 'ava';
import { until } from '../../support/until.js';
import { changeUser, newAdmin } from '../support/admins.js';
import { sharedServer } from '../support/api-server.js';
import { changeRows, numberOf, runSql } from '../support/database.js';
import { balanceOf, freshName, goodPassword, logIn, newPerson, newScript, pay } from '../support/people.js';
import { isRefused } from '../support/refusal.js';

const server = sharedServer(test);

test('a login gives a token of the published form, the time it ends and the user', async (t) => {
  const { ask } = server();
  const person = await newPerson(server());
  const before = Date.now();
  const { json } = await ask('/v1/sessions', {
    send: { username: person.username, password: goodPassword },
  });
  t.regex(json.token, /^pay_ses_[0-9A-Za-z]{30}$/);
  t.true(Date.parse(json.expiresAt) > before + 24 * 3600 * 1000);
  t.deepEqual(json.user, (await ask('/v1/me', { token: json.token })).json);
  t.false(json.mustChangePassword);
});

/** A request that has been let in by its headers, and whose body comes when it is told to. */
async function letIn(path: string, method: string, token: string, send: object) {
  const ca = await readFile(join(server().dataDir, 'tls.crt'));
  const asked = request(`${server().url}${path}`, {
    ...{ method, ca, agent: false },
    headers: {
      ...{ authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...{ 'idempotency-key': freshName('key'), expect: '100-continue' },
    },
  });
  asked.flushHeaders();
  await once(asked, 'continue');
  return async () => {
    asked.end(JSON.stringify(send));
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    return { status: answer.statusCode, code: ((await json(answer)) as { code: string }).code };
  };
}

test('what ends while a body is still on its way does nothing more: logout, revocation, change of password', async (t) => {
  const { ask } = server();
  const [person, bob] = await Promise.all([newPerson(server()), newPerson(server())]);
  const order = { to: bob.username, amount: '1.00' };
  const { token: other } = { token: await logIn(server(), person.username) };
  const made = (await ask('/v1/tokens', { token: other, send: { name: 'x', scopes: ['pay', 'read'] } })).json;
  const pays = [
    await letIn('/v1/payments', 'POST', person.token, order),
    await letIn('/v1/me', 'PATCH', person.token, { displayName: 'Mallory' }),
    await letIn('/v1/payments', 'POST', made.token, order),
  ];
  t.is((await ask('/v1/sessions/current', { method: 'DELETE', token: person.token })).status, 204);
  t.is((await ask(`/v1/tokens/${made.id}`, { method: 'DELETE', token: other })).status, 204);
  const third = await logIn(server(), person.username);
  const held = await letIn('/v1/payments', 'POST', other, order);
  const send = { currentPassword: goodPassword, newPassword: `${goodPassword}-two` };
  t.is((await ask('/v1/me/password', { token: third, send })).status, 204);
  for (const finish of [...pays, held]) {
    t.deepEqual(await finish(), { status: 401, code: 'UNAUTHENTICATED' });
  }
  t.is(await balanceOf(server(), { ...person, token: third }), '1000.00');
  t.is((await ask('/v1/me', { token: third })).json.displayName, null);
});

test('a person sees where they are logged in, and ends one of those; nobody else can', async (t) => {
  const { ask } = server();
  const person = await newPerson(server());
  const other = await logIn(server(), person.username);
  const list = (await ask('/v1/sessions?count=true', { token: person.token })).json;
  t.is(list.total, 2);
  t.deepEqual(
    list.data.map(({ current, address }: Record<string, unknown>) => [current, address]),
    [
      [false, '127.0.0.1'],
      [true, '127.0.0.1'],
    ],
  );
  const [{ id, createdAt, lastUsedAt, expiresAt, idleExpiresAt }] = list.data;
  t.is(lastUsedAt, createdAt);
  t.is(Date.parse(expiresAt) - Date.parse(createdAt), 30 * 24 * 3600 * 1000);
  t.is(Date.parse(idleExpiresAt) - Date.parse(lastUsedAt), 24 * 3600 * 1000);
  const end = { method: 'DELETE' };
  const stranger = await newPerson(server());
  isRefused(t, await ask(`/v1/sessions/${id}`, { ...end, token: stranger.token }), 'NOT_FOUND');
  t.is((await ask('/v1/me', { token: other })).status, 200);
  t.is((await ask(`/v1/sessions/${id}`, { ...end, token: person.token })).status, 204);
  isRefused(t, await ask('/v1/me', { token: other }), 'UNAUTHENTICATED');
  t.is((await ask('/v1/sessions', { token: person.token })).json.data.length, 1);
});

test('a session that is left alone for a day is dead, and one that is used has that noted', async (t) => {
  const { ask } = server();
  const person = await newPerson(server());
  const other = await logIn(server(), person.username);
  // What is known of a token is looked up again only after a while: neither is known before its row is changed.
  const third = await logIn(server(), person.username);
  const { data } = (await ask('/v1/sessions', { token: third })).json;
  const [, used, left] = data.map((session: { readonly id: string }) => numberOf(session.id));
  const before = (Date.now() - 3600 * 1000) * 1000;
  await changeRows(server(), `update sessions set last_used_at = ${before} where id = ${used}`);
  await changeRows(server(), `update sessions set idle_until = ${before} where id = ${left}`);
  isRefused(t, await ask('/v1/me', { token: person.token }), 'UNAUTHENTICATED');
  await until('a use of the other session that was noted', async () => {
    const { json } = await ask('/v1/sessions', { token: other });
    return json.data.length === 2 && Date.parse(json.data[1].lastUsedAt) > Date.now() - 60_000;
  });
});

test('an unknown user and a wrong password get one text', async (t) => {
  const { ask } = server();
  const person = await newPerson(server());
  const logins = [
    { username: person.username, password: `${goodPassword}x` },
    { username: person.username, password: '' },
    { username: freshName(), password: goodPassword },
    { username: 'not even a username!', password: goodPassword },
  ];
  const texts = new Set<string>();
  for (const send of logins) {
    const reply = await ask('/v1/sessions', { send });
    isRefused(t, reply, 'INVALID_CREDENTIALS');
    t.is(reply.headers['www-authenticate'], 'Bearer realm="pay"');
    texts.add(JSON.stringify({ ...reply.json, requestId: '' }));
  }
  t.is(texts.size, 1);
});

test.serial('an unknown user and a wrong password take as long', async (t) => {
  const { ask } = server();
  const person = await newPerson(server());
  const durationMs = async (username: string) => {
    const startedAtMs = performance.now();
    await ask('/v1/sessions', { send: { username, password: 'wrong-password-1' } });
    return performance.now() - startedAtMs;
  };
  const known: number[] = [];
  const unknown: number[] = [];
  for (let round = 0; round < 15; round += 1) {
    known.push(await durationMs(person.username));
    unknown.push(await durationMs(freshName()));
  }
  const median = (values: number[]) => values.toSorted((a, b) => a - b)[7] ?? 0;
  // Without the hash an answer would take a tenth of the time.
  const ratio = median(unknown) / median(known);
  t.true(ratio > 0.5 && ratio < 2, `${median(unknown)} ms against ${median(known)} ms`);
});

test('after a logout the token is dead on the next request, and other sessions live', async (t) => {
  const { ask } = server();
  const person = await newPerson(server());
  const other = await logIn(server(), person.username);
  const logout = await ask('/v1/sessions/current', { method: 'DELETE', token: person.token });
  t.is(logout.status, 204);
  isRefused(t, await ask('/v1/me', { token: person.token }), 'UNAUTHENTICATED', { detail: /[Ll]og in/ });
  isRefused(
    t,
    await ask('/v1/sessions/current', { method: 'DELETE', token: person.token }),
    'UNAUTHENTICATED',
  );
  t.is((await ask('/v1/me', { token: other })).status, 200);
});

test('a logout holds for the very next request, in the midst of many on other connections', async (t) => {
  const { ask } = server();
  const [person, other] = await Promise.all([newPerson(server()), newPerson(server())]);
  const crowd = Promise.all(Array.from({ length: 200 }, () => ask('/v1/me', { token: other.token })));
  const tokens = await Promise.all(Array.from({ length: 10 }, () => logIn(server(), person.username)));
  for (const token of tokens) {
    const busy = Promise.all(Array.from({ length: 5 }, () => ask('/v1/me', { token })));
    await ask('/v1/sessions/current', { method: 'DELETE', token });
    const after = await Promise.all(Array.from({ length: 5 }, () => ask('/v1/me', { token })));
    t.deepEqual(
      after.map(({ status }) => status),
      [401, 401, 401, 401, 401],
    );
    await busy;
  }
  t.true((await crowd).every(({ status }) => status === 200));
});

test('what ends or changes who calls holds for the very next request of those who have just called', async (t) => {
  const { ask } = server();
  const [root, admin, person] = await Promise.all([
    newAdmin(server()),
    newAdmin(server()),
    newPerson(server()),
  ]);
  const users = async () => (await ask('/v1/admin/users', { token: admin.token })).status;
  const me = async (token: string) => (await ask('/v1/me', { token })).status;

  t.is(await users(), 200);
  t.is((await changeUser(server(), root, admin, { role: 'user' })).status, 200);
  t.is(await users(), 403);
  t.is((await changeUser(server(), root, admin, { role: 'admin' })).status, 200);
  t.is(await users(), 200);

  const script = { name: 'script', scopes: ['read'] };
  const made = (await ask('/v1/tokens', { token: person.token, send: script })).json;
  t.is(await me(made.token), 200);
  t.is((await ask(`/v1/tokens/${made.id}`, { method: 'DELETE', token: person.token })).status, 204);
  t.is(await me(made.token), 401);

  const payee = await newPerson(server());
  const send = { to: payee.username, amount: '1.00' };
  t.is((await pay(server(), person, send)).status, 201);
  t.is((await changeUser(server(), root, person, { status: 'frozen' })).status, 200);
  isRefused(t, await pay(server(), person, { ...send, amount: '2.00' }), 'ACCOUNT_FROZEN');

  t.is(await me(payee.token), 200);
  const reset = `/v1/admin/users/${encodeURIComponent(payee.username)}/password`;
  t.is((await ask(reset, { token: root.token, send: { reason: 'lost' } })).status, 200);
  t.is(await me(payee.token), 401);
});

test('a token that is malformed, unknown, expired or logged out opens nothing', async (t) => {
  const { ask } = server();
  const [person, friend, late] = await Promise.all([
    newPerson(server()),
    newPerson(server()),
    newPerson(server()),
  ]);
  const ended = await logIn(server(), person.username);
  await ask('/v1/sessions/current', { method: 'DELETE', token: ended });
  // Before the server has seen it: what is changed behind it, it learns only after a while.
  await runSql(server(), 'update sessions set created_at = 1, expires_at = 2 where user_id = ?', [
    numberOf(late.id),
  ]);
  const last = person.token.at(-1) === 'a' ? 'b' : 'a';
  for (const token of [
    late.token,
    ended,
    `${person.token.slice(0, -1)}${last}`,
    person.token.slice(0, -1),
    `${person.token}0`,
    person.token.toLowerCase(),
    person.token.replace('pay_ses_', 'pay_pat_'),
    'pay_ses_000000000000000000000000000000',
    'null',
    'x'.repeat(5000),
  ]) {
    const reply = await ask('/v1/me', { token });
    isRefused(t, reply, 'UNAUTHENTICATED', { detail: /[Ll]og in/ });
    t.is(reply.headers['www-authenticate'], 'Bearer realm="pay", error="invalid_token"');
    const send = { to: friend.username, amount: '1.00' };
    isRefused(t, await ask('/v1/payments', { token, key: 'k', send }), 'UNAUTHENTICATED');
  }
  t.is(await balanceOf(server(), friend), '1000.00');
});

test('an Authorization header of another form is refused with what it must read', async (t) => {
  const { token } = await newPerson(server());
  for (const authorization of [token, `Basic ${token}`, `Token ${token}`, 'Bearer', `Bearer ${token} x`]) {
    const reply = await server().ask('/v1/me', { headers: { authorization } });
    isRefused(t, reply, 'UNAUTHENTICATED', { detail: /Bearer <token>/ });
  }
  const reply = await server().ask('/v1/me', { headers: { authorization: `bearer ${token}` } });
  t.is(reply.status, 200);
});

test('a changed password ends every other session and token, and keeps the one that changed it', async (t) => {
  const { ask } = server();
  const person = await newPerson(server());
  const { token } = person;
  const other = await logIn(server(), person.username);
  const script = await ask('/v1/tokens', { token, send: { name: 'script', scopes: ['read'] } });
  const newPassword = 'walnut-harbour-91-kite';
  const change = await ask('/v1/me/password', {
    token,
    send: { currentPassword: goodPassword, newPassword },
  });
  t.is(change.status, 204);
  t.is((await ask('/v1/me', { token })).status, 200);
  isRefused(t, await ask('/v1/me', { token: other }), 'UNAUTHENTICATED');
  isRefused(t, await ask('/v1/me', { token: script.json.token }), 'UNAUTHENTICATED');
  t.deepEqual((await ask('/v1/tokens', { token })).json.data, []);
  const { username } = person;
  isRefused(
    t,
    await ask('/v1/sessions', { send: { username, password: goodPassword } }),
    'INVALID_CREDENTIALS',
  );
  t.regex(await logIn(server(), username, newPassword), /^pay_ses_/);
});

test('a password is not changed with a wrong current one, nor to a weak one', async (t) => {
  const { ask } = server();
  const person = await newPerson(server());
  const other = await logIn(server(), person.username);
  const change = (currentPassword: string, newPassword: string) =>
    ask('/v1/me/password', { token: person.token, send: { currentPassword, newPassword } });
  isRefused(t, await change('wrong', 'walnut-harbour-91-kite'), 'WRONG_PASSWORD', {
    fields: ['currentPassword'],
  });
  for (const [weak, why] of [
    ['Xq7!x', /shorter than 8/],
    ['8264917350', /entirely numeric/],
    ['password1', /too common/],
    [person.username, /username/],
    [person.email, /email|username/],
  ] as const) {
    isRefused(t, await change(goodPassword, weak), 'WEAK_PASSWORD', {
      detail: why,
      fields: ['newPassword'],
    });
  }
  t.is((await ask('/v1/me', { token: other })).status, 200);
  t.regex(await logIn(server(), person.username), /^pay_ses_/);
});

test('who must change the password can do that and log out, and nothing else', async (t) => {
  const { ask } = server();
  const person = await newPerson(server());
  const { token } = person;
  await changeRows(server(), 'update users set one_time_until = 9007199254740991 where id = ?', [
    numberOf(person.id),
  ]);
  for (const [method, path] of [
    ['GET', '/v1/me'],
    ['GET', '/v1/payments'],
    ['GET', '/v1/tokens'],
    ['POST', '/v1/payments'],
    ['GET', '/v1/time'],
  ] as const) {
    const send = method === 'POST' ? { to: 'bob', amount: '1.00' } : undefined;
    isRefused(
      t,
      await ask(path, { method, token, key: 'k', ...(send && { send }) }),
      'PASSWORD_CHANGE_REQUIRED',
      { see: 'changePassword' },
    );
  }
  const send = { currentPassword: goodPassword, newPassword: 'walnut-harbour-91-kite' };
  t.is((await ask('/v1/me/password', { token, send })).status, 204);
  t.is((await ask('/v1/me', { token })).status, 200);
});

test.serial('payments do not queue behind a crowd of logins', async (t) => {
  const { ask } = server();
  const [ann, bob] = await Promise.all([newScript(server()), newPerson(server())]);
  let finishedLogins = 0;
  const logins = Promise.all(
    Array.from({ length: 60 }, async () => {
      const { status } = await ask('/v1/sessions', {
        send: { username: ann.username, password: goodPassword },
      });
      t.is(status, 201);
      finishedLogins += 1;
    }),
  );
  // Asked for after all the logins, and done before half of them are.
  await Promise.all(
    Array.from({ length: 3 }, async () => {
      t.is((await pay(server(), ann, { to: bob.username, amount: '1.00' })).status, 201);
      t.true(finishedLogins < 30, `${finishedLogins} logins were done first`);
    }),
  );
  await logins;
});
