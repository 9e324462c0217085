import test from 'ava';
import { sharedServer } from '../support/api-server.js';
import { numberOf, runSql } from '../support/database.js';
import { balanceOf, goodPassword, newPerson, type Person } from '../support/people.js';
import { isRefused } from '../support/refusal.js';

const server = sharedServer(test);

const makeToken = (person: Person, send: unknown) =>
  server().ask('/v1/tokens', { token: person.token, send });

test('a token is made with a name, scopes and an end, and its secret is shown once', async (t) => {
  const { ask } = server();
  const person = await newPerson(server());
  const made = await makeToken(person, { name: 'payroll', scopes: ['pay', 'read'], expiresInDays: 7 });
  t.is(made.status, 201);
  t.is(made.headers.location, `/v1/tokens/${made.json.id}`);
  t.regex(made.json.id, /^tok_[0-9A-HJKMNP-TV-Z]{10}$/);
  t.regex(made.json.token, /^pay_pat_[0-9A-Za-z]{30}$/);
  t.is(Date.parse(made.json.expiresAt) - Date.parse(made.json.createdAt), 7 * 24 * 3600 * 1000);
  const list = await ask('/v1/tokens', { token: person.token });
  const { token: _secret, ...shown } = made.json;
  t.deepEqual(list.json, { data: [shown], nextCursor: null });
  t.false(list.text.includes(made.json.token));
});

test('a token lasts ninety days where nothing else is said', async (t) => {
  const made = await makeToken(await newPerson(server()), { name: 'script', scopes: ['read'] });
  t.is(Date.parse(made.json.expiresAt) - Date.parse(made.json.createdAt), 90 * 24 * 3600 * 1000);
});

test('what is no description of a token makes none', async (t) => {
  const { ask } = server();
  const person = await newPerson(server());
  const good = { name: 'script', scopes: ['read'], expiresInDays: 1 };
  for (const [change, field] of [
    [{ name: '' }, 'name'],
    [{ name: 'x'.repeat(101) }, 'name'],
    [{ name: undefined }, 'name'],
    [{ scopes: [] }, 'scopes'],
    [{ scopes: ['read', 'read'] }, 'scopes'],
    [{ scopes: ['all'] }, 'scopes.0'],
    [{ scopes: 'read' }, 'scopes'],
    [{ expiresInDays: 0 }, 'expiresInDays'],
    [{ expiresInDays: 367 }, 'expiresInDays'],
    [{ expiresInDays: 1.5 }, 'expiresInDays'],
    [{ expiresInDays: '7' }, 'expiresInDays'],
  ] as const) {
    isRefused(t, await makeToken(person, { ...good, ...change }), 'VALIDATION_FAILED', { fields: [field] });
  }
  const many = Array.from({ length: 9_000 }, () => 'read');
  isRefused(t, await makeToken(person, { ...good, scopes: many }), 'BODY_TOO_LARGE', { detail: /values/ });
  isRefused(t, await makeToken(person, { ...good, scopes: ['admin'] }), 'FORBIDDEN', {
    detail: /administrator/,
  });
  t.deepEqual((await ask('/v1/tokens', { token: person.token })).json.data, []);
});

test('each scope opens its routes and no others', async (t) => {
  const { ask } = server();
  const [person, friend] = await Promise.all([newPerson(server()), newPerson(server())]);
  const payment = (key: string) => ({
    key,
    send: { to: friend.username, amount: '1.00' },
  });
  const first = await ask('/v1/payments', { token: person.token, ...payment('first') });
  const routes = [
    ['read', '/v1/me', {}, 200],
    ['read', '/v1/payments', {}, 200],
    ['read', `/v1/payments/${first.json.id}`, {}, 200],
    ['read', '/v1/time', {}, 200],
    ['pay', '/v1/payments', payment('second'), 201],
    ['pay', '/v1/payments', { send: { ...payment('').send, dryRun: true } }, 200],
  ] as const;
  for (const scope of ['pay', 'read', 'request'] as const) {
    const { token } = (await makeToken(person, { name: scope, scopes: [scope] })).json;
    for (const [needed, path, asked, status] of routes) {
      const reply = await ask(path, { ...asked, token });
      if (needed === scope) {
        t.is(reply.status, status, `${scope} ${path}`);
      } else {
        isRefused(t, reply, 'FORBIDDEN', { detail: new RegExp(`"${needed}"`), see: 'logIn' });
        t.regex(
          String(reply.headers['www-authenticate']),
          new RegExp(`error="insufficient_scope", scope="${needed}"`),
        );
      }
    }
  }
  t.is(await balanceOf(server(), person), '998.00');
});

test('a token never does what takes a session', async (t) => {
  const { ask } = server();
  const person = await newPerson(server());
  const made = await makeToken(person, { name: 'everything', scopes: ['pay', 'request', 'read'] });
  const { token, id } = made.json;
  const passwords = { currentPassword: goodPassword, newPassword: 'walnut-harbour-91-kite' };
  for (const [method, path, send] of [
    ['PATCH', '/v1/me', { displayName: 'Ann' }],
    ['POST', '/v1/me/password', passwords],
    ['POST', '/v1/tokens', { name: 'child', scopes: ['read'] }],
    ['GET', '/v1/tokens', undefined],
    ['DELETE', `/v1/tokens/${id}`, undefined],
    ['DELETE', '/v1/sessions/current', undefined],
  ] as const) {
    const reply = await ask(path, { method, token, ...(send && { send }) });
    isRefused(t, reply, 'FORBIDDEN', { detail: /session/, see: 'logIn' });
  }
  t.is((await ask('/v1/me', { token: person.token })).json.displayName, null);
});

test('a revoked token is dead on the next request, gone from the list, and cannot be revoked again', async (t) => {
  const { ask } = server();
  const person = await newPerson(server());
  const { id, token } = (await makeToken(person, { name: 'script', scopes: ['read'] })).json;
  const revoke = () => ask(`/v1/tokens/${id}`, { method: 'DELETE', token: person.token });
  t.is((await ask('/v1/me', { token })).status, 200);
  t.is((await revoke()).status, 204);
  isRefused(t, await ask('/v1/me', { token }), 'UNAUTHENTICATED');
  t.deepEqual((await ask('/v1/tokens', { token: person.token })).json.data, []);
  isRefused(t, await revoke(), 'NOT_FOUND');
});

test('somebody else’s token is not found, like one that does not exist', async (t) => {
  const { ask } = server();
  const [person, other] = await Promise.all([newPerson(server()), newPerson(server())]);
  const { id, token } = (await makeToken(person, { name: 'script', scopes: ['read'] })).json;
  const answers = new Set<string>();
  for (const tried of [id, 'tok_ZZZZZZZZZZ', 'nonsense', '%F0%9F%90%99', "' or 1=1 --"]) {
    const path = `/v1/tokens/${tried.includes('%') ? tried : encodeURIComponent(tried)}`;
    const reply = await ask(path, { method: 'DELETE', token: other.token });
    isRefused(t, reply, 'NOT_FOUND');
    answers.add(JSON.stringify({ ...reply.json, requestId: '' }));
  }
  t.is(answers.size, 1);
  t.is((await ask('/v1/me', { token })).status, 200);
});

test('a token that has expired opens nothing', async (t) => {
  const { ask } = server();
  const person = await newPerson(server());
  const { id, token } = (await makeToken(person, { name: 'script', scopes: ['read'] })).json;
  await runSql(server(), 'update tokens set created_at = 1, expires_at = 2 where id = ?', [numberOf(id)]);
  isRefused(t, await ask('/v1/me', { token }), 'UNAUTHENTICATED', { detail: /expired/ });
  t.is((await ask('/v1/tokens', { token: person.token })).json.data[0].id, id);
});

test('tokens are listed newest first, page by page', async (t) => {
  const { ask } = server();
  const person = await newPerson(server());
  const ids: string[] = [];
  for (let count = 0; count < 5; count += 1) {
    ids.unshift((await makeToken(person, { name: `token ${count}`, scopes: ['read'] })).json.id);
  }
  const first = (await ask('/v1/tokens?limit=3', { token: person.token })).json;
  const rest = (await ask(`/v1/tokens?cursor=${first.nextCursor}`, { token: person.token })).json;
  t.deepEqual(
    [...first.data, ...rest.data].map(({ id }) => id),
    ids,
  );
  t.is(rest.nextCursor, null);
});
