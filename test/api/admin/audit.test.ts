import test, { type ExecutionContext } from 'ava';
import type { AuditRow } from '../../../db/tables/acts.js';
import { publicId } from '../../../server/ids.js';
import { readTables } from '../../program/support/tables.js';
import { startEchoEndpoint } from '../../support/echo-endpoint.js';
import { newAdmin } from '../support/admins.js';
import { type ApiServer, startServer } from '../support/api-server.js';
import { askRecorded, faultsOf, trailOf } from '../support/audit.js';
import type { Asked } from '../support/client.js';
import { numberOf, refuseRows, runSql } from '../support/database.js';
import { freshName, goodPassword, logIn, newPerson, pay } from '../support/people.js';
import { isRefused } from '../support/refusal.js';

async function openServer(t: ExecutionContext): Promise<ApiServer> {
  const server = await startServer({ environment: { PAY_WEBHOOKS_PRIVATE: 'true' } });
  t.teardown(() => server.stop());
  return server;
}

type Wanted = Partial<Pick<AuditRow, 'actor_id' | 'action' | 'subject'>> & {
  readonly before?: unknown;
  readonly after?: unknown;
};

/** Asks, sees that the answer has the status and that one record says so, and gives the body. */
async function isRecorded(
  t: ExecutionContext,
  server: ApiServer,
  [path, asked]: [string, Asked],
  status: number,
  { before, after, ...wanted }: Wanted,
  // biome-ignore lint/suspicious/noExplicitAny: what a test expects of it is what the test says next.
): Promise<any> {
  const { reply, requestId, records } = await askRecorded(server, path, asked);
  t.is(reply.status, status, reply.text);
  t.is(records.length, 1, `${path} ${JSON.stringify(records)}`);
  t.like(records[0], { ...wanted, address: '127.0.0.1', request_id: requestId, reason: null });
  const textOf = (value: unknown) => (value === undefined ? null : JSON.stringify(value));
  if (before !== null) {
    t.is(records[0]?.before as string, textOf(before) as string);
  }
  if (after !== null) {
    t.is(records[0]?.after as string, textOf(after) as string);
  }
  return reply.json;
}

/** Sees that the audit holds none of these secrets, and no hash of any. */
async function holdsNone(t: ExecutionContext, server: ApiServer, secrets: readonly string[]): Promise<void> {
  const { audit, sessions, tokens, users } = await readTables(server.dataDir);
  const trail = JSON.stringify(audit);
  const hashes = [
    ...[...sessions, ...tokens].map((row) => row.token_hash),
    ...users.map((row) => row.password_hash),
  ];
  for (const secret of [...secrets, ...hashes.map(String)]) {
    t.true(secret.length > 6 && !trail.includes(secret), secret);
  }
}

const otherPassword = 'velvet-anchor-77-meadow';
const wrongPassword = 'a-guess-that-is-wrong-9';
const mistaken = 'my-own-password-typed-as-a-name';

test('each act leaves one record with its address and request id, and no secret is in any', async (t) => {
  const server = await openServer(t);
  const username = freshName('Alice');
  const email = `${username}@example.org`;
  const registration = { username, email, password: goodPassword, currency: 'GBP' };
  const { id } = await isRecorded(t, server, ['/v1/users', { send: registration }], 201, {
    action: 'user.registered',
    subject: username,
    after: { email, currency: 'GBP' },
  });
  const actorId = numberOf(id);
  const own = { actor_id: actorId, subject: username };
  const [made] = await runSql(server, "select actor_id from audit where action = 'user.registered'");
  t.is(made?.actor_id, actorId);

  const login = (password: string, name = username): [string, Asked] => [
    '/v1/sessions',
    { send: { username: name, password } },
  ];
  const refusedLogin = { action: 'session.refused', actor_id: null };
  await isRecorded(t, server, login(wrongPassword), 401, { ...refusedLogin, subject: username });
  await isRecorded(t, server, login(goodPassword, mistaken), 401, { ...refusedLogin, subject: null });
  const opened = { ...own, action: 'session.opened', after: null };
  const { token: first } = await isRecorded(
    t,
    server,
    login(goodPassword, username.toUpperCase()),
    201,
    opened,
  );
  const { token } = await isRecorded(t, server, login(goodPassword), 201, opened);

  const bearer = (send: unknown, method = 'POST'): Asked => ({ token, send, method });
  const sentToken = { name: 'payroll', scopes: ['pay', 'read'] };
  const pat = await isRecorded(t, server, ['/v1/tokens', bearer(sentToken)], 201, {
    ...{ action: 'token.created', actor_id: actorId, after: null },
  });
  const [created] = await runSql(server, "select subject, after from audit where action = 'token.created'");
  t.is(created?.subject, pat.id);
  t.deepEqual(JSON.parse(String(created?.after)), { ...sentToken, expiresAt: pat.expiresAt });
  const gone = { token, method: 'DELETE' };
  await isRecorded(t, server, [`/v1/tokens/${pat.id}`, gone], 204, {
    ...{ action: 'token.revoked', actor_id: actorId, subject: pat.id, before: sentToken },
  });
  const lost = await isRecorded(t, server, ['/v1/tokens', bearer(sentToken)], 201, { after: null });

  const profile = { displayName: 'Al', email: email.toLowerCase(), currentPassword: goodPassword };
  await isRecorded(t, server, ['/v1/me', bearer(profile, 'PATCH')], 200, {
    ...{ ...own, action: 'profile.changed' },
    ...{ before: { email, displayName: null }, after: { email: email.toLowerCase(), displayName: 'Al' } },
  });
  const endpoint = await startEchoEndpoint();
  const url = `${endpoint}/services/T01/path-that-is-secret?key=query-that-is-secret`;
  const origin = { origin: endpoint, types: ['payment.received'] };
  const sentHook = { url, types: ['payment.received'] };
  const hook = await isRecorded(t, server, ['/v1/webhooks', bearer(sentHook)], 201, {
    ...{ action: 'webhook.created', actor_id: actorId, after: origin },
  });
  await isRecorded(t, server, [`/v1/webhooks/${hook.id}`, gone], 204, {
    ...{ action: 'webhook.deleted', actor_id: actorId, subject: hook.id, before: origin },
  });

  const change = (currentPassword: string): [string, Asked] => [
    '/v1/me/password',
    bearer({ currentPassword, newPassword: otherPassword }),
  ];
  await isRecorded(t, server, change(wrongPassword), 403, { ...own, action: 'password.refused' });
  await isRecorded(t, server, change(goodPassword), 204, {
    ...{ ...own, action: 'password.changed', after: { endedSessions: 1, revokedTokens: 1 } },
  });
  const [session] = await runSql(server, 'select id from sessions where ended_at is null');
  await isRecorded(t, server, ['/v1/sessions/current', gone], 204, {
    ...{ ...own, action: 'session.ended', before: { session: publicId('ses', Number(session?.id)) } },
  });

  const secrets = [goodPassword, otherPassword, wrongPassword, mistaken, first, token, pat.token, lost.token];
  const hidden = [hook.secret, 'path-that-is-secret', 'query-that-is-secret', '$argon2'];
  await holdsNone(t, server, [...secrets, ...hidden]);
  t.deepEqual(await faultsOf(server), []);
});

test('what is refused, read, tried without effect or done twice leaves no record, nor does a payment', async (t) => {
  const server = await openServer(t);
  const [alice, bob] = [await newPerson(server), await newPerson(server)];
  const { token } = alice;
  const { ask } = server;
  const made = await ask('/v1/tokens', { token, send: { name: 'script', scopes: ['read'] } });
  t.is((await ask(`/v1/tokens/${made.json.id}`, { method: 'DELETE', token })).status, 204);
  const { username, email } = alice;
  const registration = { username, email, password: goodPassword, currency: 'GBP' };
  const before = (await readTables(server.dataDir)).audit.length;
  for (const [path, asked, status] of [
    ['/v1/users', { send: registration }, 409],
    ['/v1/users', { send: { ...registration, username: freshName(), password: 'password' } }, 422],
    ['/v1/sessions', { send: { username } }, 422],
    [
      '/v1/me',
      { token, method: 'PATCH', send: { email, displayName: null, currentPassword: goodPassword } },
      200,
    ],
    ['/v1/tokens', { token, send: { name: 'all', scopes: ['admin'] } }, 403],
    [`/v1/tokens/${made.json.id}`, { token, method: 'DELETE' }, 404],
    ['/v1/me/password', { token, send: { currentPassword: goodPassword, newPassword: '12345678' } }, 422],
    ['/v1/webhooks', { token, send: { url: 'http://example.org/', types: ['*'] } }, 422],
    ['/v1/webhooks/whk_none', { token, method: 'DELETE' }, 404],
    ['/v1/me', { token }, 200],
    ['/v1/me', { token: 'nobody' }, 401],
    ['/v1/admin/audit', { token }, 403],
  ] as const) {
    const { reply, records } = await askRecorded(server, path, asked);
    t.is(reply.status, status, reply.text);
    t.deepEqual(records, [], path);
  }
  const paid = { to: bob.username, amount: '1.00' };
  t.is((await pay(server, alice, paid, 'once')).status, 201);
  t.is((await pay(server, alice, paid, 'once')).headers['idempotency-replayed'], 'true');
  t.is((await readTables(server.dataDir)).audit.length, before);
  t.deepEqual(await faultsOf(server), []);
});

test('the trail is read newest first, a page at a time, under filters', async (t) => {
  const server = await openServer(t);
  const admin = await newAdmin(server);
  const [alice, bob] = [await newPerson(server, 'GBP', 'Alice'), await newPerson(server, 'GBP', 'bob')];
  const { ask } = server;
  const tokens = await Promise.all(
    [1, 2, 3].map((place) =>
      ask('/v1/tokens', { token: alice.token, send: { name: `script, "${place}"`, scopes: ['read'] } }),
    ),
  );
  await ask('/v1/sessions', { send: { username: bob.username.toUpperCase(), password: wrongPassword } });
  await ask('/v1/sessions', { send: { username: 'nobody', password: wrongPassword } });
  const actionsOf = async (query: string) =>
    (await trailOf(server, admin, query)).json.data.map(({ action }: { action: string }) => action);

  const whole = (await trailOf(server, admin, 'limit=100')).json;
  const ids = whole.data.map(({ id }: { id: string }) => id);
  t.deepEqual(ids, ids.toSorted().reverse());
  t.is(whole.nextCursor, null);
  t.like(whole.data[0], { action: 'session.refused', actor: null, subject: null, before: null, after: null });
  t.like(whole.data[1], { actor: null, subject: bob.username, address: '127.0.0.1', reason: null });
  t.like(whole.data.at(-1), { action: 'user.registered', actor: admin.username, subject: admin.username });
  t.like(whole.data.at(-1).after, { currency: 'GBP' });

  const created = ['token.created', 'token.created', 'token.created'];
  const opening = ['session.opened', 'user.registered'];
  t.deepEqual(await actionsOf(`actor=${alice.username.toUpperCase()}`), [...created, ...opening]);
  t.deepEqual(await actionsOf(`subject=${alice.username.toLowerCase()}`), opening);
  t.deepEqual(await actionsOf(`subject=${bob.username}`), ['session.refused', ...opening]);
  t.deepEqual(await actionsOf(`subject=${tokens[0]?.json.id}`), ['token.created']);
  t.deepEqual(await actionsOf('action=token.created'), created);
  t.deepEqual(await actionsOf('action=token.'), created);
  t.deepEqual(await actionsOf(`action=session.&actor=${bob.username}`), ['session.opened']);
  for (const none of ['actor=nobody', 'subject=nobody', 'subject=%25', 'action=token.made', 'action=tok.']) {
    t.deepEqual(await actionsOf(none), [], none);
  }

  // What was done at once has one time; this was done alone.
  const { at } = whole.data[1];
  const older = await actionsOf(`limit=100&until=${at}`);
  const newer = await actionsOf(`limit=100&since=${at}`);
  t.deepEqual([...newer, ...older], await actionsOf('limit=100'));
  t.is(newer.length, 2);

  const filters = `actor=${alice.username}`;
  const first = (await trailOf(server, admin, `limit=3&${filters}`)).json;
  const cursor = `cursor=${encodeURIComponent(first.nextCursor)}`;
  for (const rest of [cursor, `${cursor}&${filters}`]) {
    const second = (await trailOf(server, admin, `limit=3&${rest}`)).json;
    const alone = (await trailOf(server, admin, `limit=5&${filters}`)).json.data;
    t.deepEqual([...first.data, ...second.data], alone);
    t.is(second.nextCursor, null);
  }
  isRefused(t, await trailOf(server, admin, `${cursor}&actor=${bob.username}`), 'INVALID_CURSOR');
  isRefused(t, await trailOf(server, await newAdmin(server), cursor), 'INVALID_CURSOR');
  for (const [wrong, field] of [
    ['action=token', 'action'],
    ['action=Token.made', 'action'],
    ['since=yesterday', 'since'],
    ['actor=%20', 'actor'],
    ['subject=', 'subject'],
    ['q=token', 'q'],
  ] as const) {
    isRefused(t, await trailOf(server, admin, wrong), 'VALIDATION_FAILED', { fields: [field] });
  }
});

test('a failed login that cannot be recorded is not answered as one, for known and unknown names alike', async (t) => {
  const server = await openServer(t);
  const alice = await newPerson(server);
  const allow = await refuseRows(server, 'audit');
  for (const username of [alice.username, 'nobody']) {
    const reply = await server.ask('/v1/sessions', { send: { username, password: wrongPassword } });
    t.true(reply.status >= 500, reply.text);
  }
  const { token, username } = alice;
  const right = await server.ask('/v1/sessions', { send: { username, password: goodPassword } });
  t.true(right.status >= 500, right.text);
  const send = { name: 'script', scopes: ['read'] };
  t.true((await server.ask('/v1/tokens', { token, send })).status >= 500);
  t.deepEqual((await server.ask('/v1/tokens', { token })).json.data, []);
  await allow();
  t.truthy(await logIn(server, username));
  t.deepEqual(await faultsOf(server), []);
});
