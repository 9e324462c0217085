import test from 'ava';
import { newAdmin } from '../support/admins.js';
import { sharedServer } from '../support/api-server.js';
import { askRecorded, trailOf } from '../support/audit.js';
import type { Reply } from '../support/client.js';
import { parseCsv } from '../support/csv.js';
import { numberOf } from '../support/database.js';
import { freshName, goodPassword, newPerson } from '../support/people.js';
import { isRefused } from '../support/refusal.js';

const server = sharedServer(test);

test('as CSV the whole filtered trail is given, a line for each record, before and after as JSON', async (t) => {
  const { ask } = server();
  const [admin, alice] = [await newAdmin(server()), await newPerson(server())];
  const { token } = alice;
  for (const displayName of ['Al', 'Alice, the "first"', 'A\u200b…']) {
    t.is((await ask('/v1/me', { method: 'PATCH', token, send: { displayName } })).status, 200);
  }
  const filters = `actor=${alice.username}&limit=2`;
  const { json } = await trailOf(server(), admin, `actor=${alice.username}`);
  const csv = (query: string) =>
    ask(`/v1/admin/audit?${query}`, { token: admin.token, headers: { accept: 'text/csv' } });
  const { headers, text } = await csv(filters);
  t.is(headers['content-type'], 'text/csv; charset=utf-8; header=present');
  t.is(text.split('\r\n')[0], 'id,at,actor,action,subject,address,requestId,reason,before,after');
  const read = (text === '' ? [] : parseCsv(text)).map(({ before, after, reason, ...cells }) => ({
    ...cells,
    reason: reason || null,
    before: before ? JSON.parse(before) : null,
    after: after ? JSON.parse(after) : null,
  }));
  t.deepEqual(read as unknown, json.data);
  t.is(read.length, 5);
  const page = await trailOf(server(), admin, filters);
  const rest = parseCsv((await csv(`cursor=${encodeURIComponent(page.json.nextCursor)}`)).text);
  t.deepEqual(
    rest.map(({ id }) => id),
    json.data.slice(2).map(({ id }: { id: string }) => id),
  );
});

test('the trail is for administrators, and for their tokens that say so', async (t) => {
  const { ask } = server();
  const [admin, alice] = [await newAdmin(server()), await newPerson(server())];
  const tokenWith = async (...scopes: readonly string[]) =>
    (await ask('/v1/tokens', { token: admin.token, send: { name: 'script', scopes } })).json.token;
  t.is((await ask('/v1/admin/audit', { token: await tokenWith('admin') })).status, 200);
  const reader = await tokenWith('read', 'pay', 'request');
  isRefused(t, await ask('/v1/admin/audit', { token: reader }), 'FORBIDDEN');
  isRefused(t, await ask('/v1/admin/audit?q=wrong', { token: alice.token }), 'FORBIDDEN');
  isRefused(t, await ask('/v1/admin/audit'), 'UNAUTHENTICATED');
});

test('as lines of JSON the whole filtered trail is given, too', async (t) => {
  const { ask } = server();
  const [admin, alice] = [await newAdmin(server()), await newPerson(server())];
  const query = `actor=${alice.username}&limit=1`;
  const headers = { accept: 'application/x-ndjson' };
  const { text } = await ask(`/v1/admin/audit?${query}`, { token: admin.token, headers });
  const lines = text.trimEnd().split('\n');
  const { json } = await trailOf(server(), admin, `actor=${alice.username}`);
  t.deepEqual(
    lines.map((line) => JSON.parse(line)),
    json.data,
  );
});

test('acts of administrators are there with their reason, and a one-time password is not', async (t) => {
  const [admin, alice] = [await newAdmin(server()), await newPerson(server())];
  const path = `/v1/admin/users/${alice.username}`;
  const act = async (send: object, at = path, method = 'PATCH') => {
    const made = await askRecorded(server(), at, { method, token: admin.token, key: 'once', send });
    t.true(made.reply.status < 300, made.reply.text);
    t.is(made.records.length, 1, at);
    t.like(made.records[0], { actor_id: numberOf(admin.id), address: '127.0.0.1' });
    return made.reply.json;
  };
  await act({ status: 'frozen', reason: 'card stolen' });
  await act({ status: 'active', reason: 'card found' });
  const { oneTimePassword } = await act({ reason: 'forgotten' }, `${path}/password`, 'POST');
  await act({ role: 'admin', reason: 'joins' });
  await act({ role: 'user', reason: 'leaves' });
  const adjustment = { username: alice.username, amount: '1.00', direction: 'credit', reason: 'lost coin' };
  await act(adjustment, '/v1/admin/adjustments', 'POST');
  await act({ perDay: '10.00', reason: 'careful' }, `/v1/admin/limits/users/${alice.username}`, 'PUT');
  const username = freshName();
  const second = { username, email: `${username}@example.org`, password: goodPassword };
  await act(second, '/v1/admin/admins', 'POST');

  const again = await askRecorded(server(), '/v1/admin/adjustments', {
    ...{ token: admin.token, key: 'once', send: adjustment },
  });
  t.is(again.reply.headers['idempotency-replayed'], 'true');
  t.deepEqual(again.records, []);

  const { json, text } = await trailOf(server(), admin, `actor=${admin.username}`);
  const told = json.data.map(({ action, subject, reason }: Reply['json']) => [action, subject, reason]);
  const { username: name } = alice;
  t.deepEqual(told.slice(0, 8), [
    ['admin.registered', username, null],
    ['limits.changed', name, 'careful'],
    ['payment.adjusted', told[2][1], 'lost coin'],
    ['user.demoted', name, 'leaves'],
    ['user.promoted', name, 'joins'],
    ['password.reset', name, 'forgotten'],
    ['user.unfrozen', name, 'card found'],
    ['user.frozen', name, 'card stolen'],
  ]);
  t.like(json.data[7], { before: { status: 'active' }, after: { status: 'frozen' } });
  t.true(oneTimePassword.length > 8);
  t.false(text.includes(oneTimePassword) || text.includes(goodPassword) || text.includes('$argon2'));
});
