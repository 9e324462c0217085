import { randomUUID } from 'node:crypto';
import test from 'ava';
import { sharedServer } from '../support/api-server.js';
import { balanceOf, freshName, newPerson, type Person, pay } from '../support/people.js';
import { isRefused } from '../support/refusal.js';

const server = sharedServer(test);

const change = (method: 'PUT' | 'DELETE', { token }: Person, username: string) =>
  server().ask(`/v1/blocks/${encodeURIComponent(username)}`, { method, token });

const list = ({ token }: Person, query = '') => server().ask(`/v1/blocks${query}`, { token });

test('whoever is blocked can neither ask nor pay, hears nothing of a block, and can again afterwards', async (t) => {
  const [alice, bob] = await Promise.all([newPerson(server()), newPerson(server())]);
  t.is((await change('PUT', bob, alice.username.toUpperCase())).status, 204);
  const send = { from: bob.username, amount: '1.00' };
  const asked = () => server().ask('/v1/requests', { token: alice.token, key: randomUUID(), send });
  for (const reply of [await asked(), await pay(server(), alice, { to: bob.username, amount: '1.00' })]) {
    isRefused(t, reply, 'RECIPIENT_UNAVAILABLE');
    t.notRegex(reply.text, /block/i);
  }
  const dry = await pay(server(), alice, { to: bob.username, amount: '1.00', dryRun: true });
  isRefused(t, dry, 'RECIPIENT_UNAVAILABLE');
  t.deepEqual((await list(alice)).json.data, []);
  t.is(await balanceOf(server(), alice), '1000.00');
  t.is((await change('DELETE', bob, alice.username)).status, 204);
  t.is((await asked()).status, 201);
  t.is((await pay(server(), alice, { to: bob.username, amount: '1.00' })).status, 201);
});

test('whoever blocks can neither ask nor pay, but gives back, without words', async (t) => {
  const [alice, bob] = await Promise.all([newPerson(server()), newPerson(server())]);
  const { id } = (await pay(server(), alice, { to: bob.username, amount: '2.00' })).json;
  await change('PUT', bob, alice.username);
  const post = (path: string, send: object) =>
    server().ask(path, { token: bob.token, key: randomUUID(), send });
  const items = [{ to: alice.username, amount: '1.00' }];
  for (const reply of [
    await post('/v1/payments', { to: alice.username, amount: '1.00' }),
    await post('/v1/requests', { from: alice.username, amount: '1.00' }),
    await post('/v1/payouts', { items, mode: 'all' }),
  ]) {
    isRefused(t, reply, 'RECIPIENT_UNAVAILABLE');
  }
  const refund = await post(`/v1/payments/${id}/refunds`, { reason: 'and never again' });
  t.deepEqual([refund.status, refund.json.memo], [201, null]);
  const [told] = (await server().ask('/v1/notifications', { token: alice.token })).json.data;
  t.like(told, { type: 'refund.received', data: { memo: null } });
  await change('DELETE', bob, alice.username);
  t.is((await post('/v1/payments', { to: alice.username, amount: '1.00' })).status, 201);
});

test('who is blocked can say no to what they were asked, but not why', async (t) => {
  const [alice, bob] = await Promise.all([newPerson(server()), newPerson(server())]);
  const post = ({ token }: Person, path: string, send: object) =>
    server().ask(path, { token, key: randomUUID(), send });
  for (const [blocker, blocked] of [
    [alice, bob],
    [bob, alice],
  ] as const) {
    const asked = { from: bob.username, amount: '1.00', memo: blocker.username };
    const { json } = await post(alice, '/v1/requests', asked);
    await change('PUT', blocker, blocked.username);
    const reply = await post(bob, `/v1/requests/${json.id}/decline`, { reason: 'words' });
    t.deepEqual([reply.status, reply.json.status, reply.json.reason], [200, 'declined', null]);
    const [told] = (await server().ask('/v1/notifications', { token: alice.token })).json.data;
    t.like(told, { type: 'request.declined', data: { id: json.id, reason: null } });
    await change('DELETE', blocker, blocked.username);
  }
});

test('the list has each who is blocked once, page by page, and only one’s own', async (t) => {
  const [bob, ...others] = (await Promise.all(Array.from({ length: 4 }, () => newPerson(server())))) as [
    Person,
    ...Person[],
  ];
  for (const { username } of [...others, ...others]) {
    t.is((await change('PUT', bob, username)).status, 204);
  }
  const all = (await list(bob)).json;
  const newestFirst = others.toSorted((one, other) => (one.id < other.id ? 1 : -1));
  t.deepEqual(
    all.data.map(({ username }: Person) => username),
    newestFirst.map(({ username }) => username),
  );
  t.is(all.nextCursor, null);
  const first = (await list(bob, '?limit=2')).json;
  const rest = (await list(bob, `?limit=2&cursor=${first.nextCursor}`)).json;
  t.deepEqual([...first.data, ...rest.data], all.data);
  t.is(rest.nextCursor, null);
  const other = others[0] as Person;
  isRefused(t, await list(other, `?cursor=${first.nextCursor}`), 'INVALID_CURSOR');
  t.deepEqual((await list(other)).json.data, []);
  await change('DELETE', bob, other.username);
  t.is((await list(bob)).json.data.length, 2);
});

test('nobody can block themselves or somebody who is not there, and to unblock who is not blocked is fine', async (t) => {
  const [alice, bob] = await Promise.all([newPerson(server()), newPerson(server())]);
  for (const name of [bob.username, freshName(), 'a b', '\u202E']) {
    isRefused(t, await change('PUT', bob, name), 'NOT_FOUND');
  }
  t.is((await change('DELETE', bob, alice.username)).status, 204);
});

test('blocks need the scope to pay', async (t) => {
  const bob = await newPerson(server());
  const send = { name: 'asker', scopes: ['request', 'read'] };
  const { token } = (await server().ask('/v1/tokens', { token: bob.token, send })).json;
  isRefused(t, await change('PUT', { ...bob, token }, 'alice'), 'FORBIDDEN');
  isRefused(t, await change('DELETE', { ...bob, token }, 'alice'), 'FORBIDDEN');
  isRefused(t, await list({ ...bob, token }), 'FORBIDDEN');
});
