import test from 'ava';
import { newAdmin } from './support/admins.js';
import { serverForFile } from './support/api-server.js';
import { trailOf } from './support/audit.js';
import { parseCsv } from './support/csv.js';
import { newPerson } from './support/people.js';
import { isRefused } from './support/refusal.js';

const server = serverForFile(test);

test('as CSV the whole filtered trail is given, a line for each record, before and after as JSON', async (t) => {
  const { ask } = server();
  const [admin, alice] = [await newAdmin(server()), await newPerson(server())];
  const { token } = alice;
  for (const displayName of ['Al', 'Alice, the "first"', 'A\u202e…']) {
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
