import { randomUUID } from 'node:crypto';
import test from 'ava';
import { changeUser, newAdmin } from '../support/admins.js';
import { sharedServer } from '../support/api-server.js';
import { booksOf } from '../support/database.js';
import { freshName, logIn, newPerson, type Person, pay } from '../support/people.js';
import { isRefused } from '../support/refusal.js';

const server = sharedServer(test);

interface Tried {
  readonly method: string;
  readonly path: string;
  readonly send?: object;
}

/** Every route of administrators with good input, and with what names nothing or is malformed. */
const tried = (name: string): readonly Tried[] => [
  { method: 'GET', path: '/v1/admin/users' },
  { method: 'GET', path: '/v1/admin/users?colour=red' },
  { method: 'GET', path: `/v1/admin/users/${name}` },
  { method: 'GET', path: '/v1/admin/users/nobody' },
  { method: 'PATCH', path: `/v1/admin/users/${name}`, send: { status: 'frozen', reason: 'because' } },
  { method: 'PATCH', path: '/v1/admin/users/nobody', send: {} },
  { method: 'POST', path: `/v1/admin/users/${name}/password`, send: { reason: 'because' } },
  { method: 'POST', path: '/v1/admin/users/nobody/password', send: {} },
  {
    method: 'POST',
    path: '/v1/admin/admins',
    send: { username: freshName(), email: 'x@example.org', password: 'copper-lantern-42-river' },
  },
  { method: 'POST', path: '/v1/admin/admins', send: { username: 7 } },
  { method: 'GET', path: '/v1/admin/payments' },
  { method: 'GET', path: '/v1/admin/payments?limit=0' },
  { method: 'GET', path: '/v1/admin/payments/pay_none' },
  {
    method: 'POST',
    path: '/v1/admin/adjustments',
    send: { username: name, amount: '1.00', direction: 'credit', reason: 'because' },
  },
  { method: 'POST', path: '/v1/admin/adjustments', send: { amount: 1 } },
];

async function tokenOf({ token }: Person, scopes: readonly string[]): Promise<string> {
  const reply = await server().ask('/v1/tokens', { token, send: { name: 'script', scopes } });
  return reply.json.token;
}

test('nobody but an administrator may do anything here, whatever is asked and however badly', async (t) => {
  const [alice, bob, admin] = await Promise.all([
    newPerson(server()),
    newPerson(server()),
    newAdmin(server()),
  ]);
  const withoutScope = await tokenOf(admin, ['read', 'pay', 'request']);
  const demoted = await newAdmin(server());
  const oldScope = await tokenOf(demoted, ['admin', 'read']);
  t.is((await changeUser(server(), admin, demoted, { role: 'user' })).status, 200);
  const before = await booksOf(server(), [alice, bob]);
  for (const token of [alice.token, withoutScope, demoted.token, oldScope]) {
    for (const { path, ...asked } of tried(bob.username)) {
      isRefused(t, await server().ask(path, { ...asked, token, key: randomUUID() }), 'FORBIDDEN');
      isRefused(t, await server().ask(path, { ...asked, key: randomUUID() }), 'UNAUTHENTICATED');
    }
  }
  t.deepEqual(await booksOf(server(), [alice, bob]), before);
  t.is((await server().ask('/v1/me', { token: bob.token })).json.status, 'active');
});

test('a token with the scope reads, and changes nothing', async (t) => {
  const [admin, alice] = await Promise.all([newAdmin(server()), newPerson(server())]);
  const token = await tokenOf(admin, ['admin']);
  t.is((await server().ask('/v1/admin/users', { token })).status, 200);
  for (const { path, ...asked } of tried(alice.username)) {
    if (asked.method !== 'GET') {
      isRefused(t, await server().ask(path, { ...asked, token, key: randomUUID() }), 'FORBIDDEN', {
        detail: /session/,
      });
    }
  }
  t.is((await server().ask('/v1/me', { token: alice.token })).json.status, 'active');
  isRefused(t, await server().ask('/v1/me', { token }), 'FORBIDDEN');
});

test('a promotion holds at once, and so does a demotion', async (t) => {
  const [admin, alice] = await Promise.all([newAdmin(server()), newPerson(server())]);
  const list = () => server().ask('/v1/admin/users', { token: alice.token });
  isRefused(t, await list(), 'FORBIDDEN');
  await changeUser(server(), admin, alice, { role: 'admin' });
  t.is((await list()).status, 200);
  await changeUser(server(), admin, alice, { role: 'user' });
  isRefused(t, await list(), 'FORBIDDEN');
});

test('a frozen administrator is a user, and neither reads nor acts on anything', async (t) => {
  const [admin, cold, alice] = await Promise.all([
    newAdmin(server()),
    newAdmin(server()),
    newPerson(server()),
  ]);
  await changeUser(server(), admin, cold, { status: 'frozen' });
  const token = await logIn(server(), cold.username);
  isRefused(t, await changeUser(server(), { token }, cold, { status: 'active' }), 'FORBIDDEN');
  for (const { path, ...asked } of tried(alice.username)) {
    isRefused(t, await server().ask(path, { ...asked, token, key: randomUUID() }), 'FORBIDDEN');
  }
  t.is((await server().ask('/v1/me', { token })).status, 200);
});

test('outside of these routes an administrator is a user like any other', async (t) => {
  const [admin, alice, bob] = await Promise.all([
    newAdmin(server()),
    newPerson(server()),
    newPerson(server()),
  ]);
  const { token } = admin;
  const { json: payment } = await pay(server(), alice, { to: bob.username, amount: '1.00' });
  isRefused(t, await server().ask(`/v1/payments/${payment.id}`, { token }), 'NOT_FOUND');
  const refund = { token, key: randomUUID(), send: {} };
  isRefused(t, await server().ask(`/v1/payments/${payment.id}/refunds`, refund), 'NOT_FOUND');
  const send = { from: bob.username, amount: '1.00' };
  const { json: request } = await server().ask('/v1/requests', { token: alice.token, key: 'r', send });
  isRefused(t, await server().ask(`/v1/requests/${request.id}`, { token }), 'NOT_FOUND');
  const { json: own } = await server().ask('/v1/payments', { token });
  t.deepEqual(
    own.data.map(({ kind }: { kind: string }) => kind),
    ['opening_credit'],
  );
});
