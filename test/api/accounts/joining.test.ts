import { randomUUID } from 'node:crypto';
import test from 'ava';
import { newAdmin, realAdmin } from '../support/admins.js';
import { serverForFile } from '../support/api-server.js';
import { changeRows } from '../support/database.js';
import { freshName, goodPassword, newPerson, type Person, pay } from '../support/people.js';
import { isRefused } from '../support/refusal.js';

const open = serverForFile(test);
const byInvitation = serverForFile(test, { flags: ['--registration', 'invite'] });
const closed = serverForFile(test, { environment: { PAY_REGISTRATION: 'closed' } });

let inviting: Person;
let registering: Person;

test.before('there is an administrator on each of the two', async () => {
  [inviting, registering] = await Promise.all([realAdmin(byInvitation()), realAdmin(closed())]);
});

const newcomer = (more: object = {}) => {
  const username = freshName();
  const email = `${username}@example.org`;
  return { username, email, password: goodPassword, currency: 'GBP', ...more };
};

test('where registration is closed nobody registers, and the server says so', async (t) => {
  const reply = await closed().ask('/v1/users', { send: newcomer() });
  isRefused(t, reply, 'REGISTRATION_CLOSED', { detail: /administrator/ });
  t.is((await closed().ask('/v1/server')).json.policies.registration, 'closed');
});

test('an invitation registers one user, and the list says whom', async (t) => {
  const { ask } = byInvitation();
  const { token } = inviting;
  const send = { note: 'class 5b', count: 3, expiresInDays: 7 };
  const evil = await ask('/v1/admin/invitations', { token, send: { ...send, note: 'class\u009b2J' } });
  isRefused(t, evil, 'VALIDATION_FAILED', { fields: ['note'] });
  const { status, json } = await ask('/v1/admin/invitations', { token, send });
  t.is(status, 201);
  const [one, two, three] = json.data;
  t.regex(one.invitation, /^pay_inv_[0-9A-Za-z]{30}$/);
  const wanted = newcomer({ invitation: one.invitation });
  t.is((await ask('/v1/users', { send: wanted })).status, 201);
  isRefused(t, await ask('/v1/users', { send: newcomer() }), 'REGISTRATION_CLOSED', {
    fields: ['invitation'],
  });
  isRefused(t, await ask('/v1/users', { send: newcomer({ invitation: 'x' }) }), 'REGISTRATION_CLOSED');
  const again = await ask('/v1/users', { send: newcomer({ invitation: one.invitation }) });
  isRefused(t, again, 'REGISTRATION_CLOSED', { detail: /has been used/ });
  t.is((await ask(`/v1/admin/invitations/${two.id}`, { method: 'DELETE', token })).status, 204);
  const revoked = await ask('/v1/users', { send: newcomer({ invitation: two.invitation }) });
  isRefused(t, revoked, 'REGISTRATION_CLOSED', { detail: /taken back/ });
  await changeRows(byInvitation(), 'update invitations set expires_at = created_at + 1 where note = ?', [
    'class 5b',
  ]);
  const late = await ask('/v1/users', { send: newcomer({ invitation: three.invitation }) });
  isRefused(t, late, 'REGISTRATION_CLOSED', { detail: /expired/ });
  const list = (await ask('/v1/admin/invitations?count=true', { token })).json;
  // Others ask for theirs at the same time.
  t.true(list.total >= 3);
  const own = list.data.filter(({ note }: { note: string }) => note === 'class 5b');
  t.deepEqual(
    own.map(({ id, status, usedBy }: Record<string, string>) => [id, status, usedBy]),
    [
      [three.id, 'expired', null],
      [two.id, 'revoked', null],
      [one.id, 'used', wanted.username],
    ],
  );
  t.false(JSON.stringify(list).includes(one.invitation));
  isRefused(t, await ask(`/v1/admin/invitations/${one.id}`, { method: 'DELETE', token }), 'NOT_FOUND');
});

test('a hundred invitations are made at once, and no more', async (t) => {
  const { ask } = closed();
  const { token } = registering;
  const most = await ask('/v1/admin/invitations', { token, send: { note: 'school', count: 100 } });
  t.is(most.status, 201);
  t.is(new Set(most.json.data.map(({ id }: { id: string }) => id)).size, 100);
  const more = await ask('/v1/admin/invitations', { token, send: { note: 'town', count: 101 } });
  isRefused(t, more, 'VALIDATION_FAILED', { fields: ['count'] });
  const { json } = await ask('/v1/admin/invitations?limit=100', { token });
  t.false(json.data.some(({ note }: { note: string }) => note === 'town'));
});

test('of many who use one invitation at once one is registered', async (t) => {
  const { ask } = byInvitation();
  const { token } = inviting;
  const { json } = await ask('/v1/admin/invitations', { token, send: { note: 'one' } });
  const { invitation } = json.data[0];
  const replies = await Promise.all(
    Array.from({ length: 8 }, () => ask('/v1/users', { send: newcomer({ invitation }) })),
  );
  t.is(replies.filter(({ status }) => status === 201).length, 1);
  t.is(replies.filter(({ status }) => status === 403).length, 7);
});

test('an administrator registers somebody, whose one-time password opens its own change until it expires', async (t) => {
  const { ask } = closed();
  const { token } = registering;
  const { password: _, ...send } = newcomer({ currency: 'USD' });
  const { status, json } = await ask('/v1/admin/users', { token, send });
  t.is(status, 201);
  t.like(json.user, { username: send.username, balance: { amount: '1270.00', currency: 'USD' } });
  isRefused(t, await ask('/v1/admin/users', { token, send }), 'USERNAME_TAKEN');
  const logIn = () =>
    ask('/v1/sessions', { send: { username: send.username, password: json.oneTimePassword } });
  const session = (await logIn()).json;
  t.true(session.mustChangePassword);
  t.is(session.expiresAt, json.expiresAt);
  isRefused(t, await ask('/v1/me', { token: session.token }), 'PASSWORD_CHANGE_REQUIRED');
  await changeRows(closed(), 'update users set one_time_until = 1 where username = ?', [send.username]);
  isRefused(t, await logIn(), 'INVALID_CREDENTIALS', { detail: /expired/ });
});

test('who registers themselves cannot take a name that looks like the house', async (t) => {
  for (const username of ['Admin', 'pay-support', 'supp0rt', '_system_', 'PAY', 'help.desk']) {
    isRefused(t, await open().ask('/v1/users', { send: newcomer({ username }) }), 'VALIDATION_FAILED', {
      fields: ['username'],
    });
  }
  t.is((await open().ask('/v1/users', { send: newcomer({ username: 'adminah' }) })).status, 201);
  const { token } = await newAdmin(open());
  const { password: _, ...send } = newcomer({ username: 'support' });
  t.is((await open().ask('/v1/admin/users', { token, send })).status, 201);
});

test('a correction names what it corrects, and both parties see their own', async (t) => {
  const { ask } = open();
  const [admin, ann, bob] = await Promise.all([newAdmin(open()), newPerson(open()), newPerson(open())]);
  const { json: paid } = await pay(open(), ann, { to: bob.username, amount: '5.00' });
  const adjust = (username: string, corrects: string, direction = 'debit') =>
    ask('/v1/admin/adjustments', {
      token: admin.token,
      key: randomUUID(),
      send: { username, amount: '1.00', direction, reason: 'wrong price', corrects },
    });
  const { status, json: made } = await adjust(bob.username, paid.id);
  t.is(status, 201);
  t.is(made.corrects, paid.id);
  const seenBy = async ({ token }: { token: string }, id: string, place = '/v1/payments') =>
    (await ask(`${place}/${id}`, { token })).json;
  t.deepEqual((await seenBy(bob, paid.id)).correctedBy, [made.id]);
  t.is((await seenBy(bob, made.id)).corrects, paid.id);
  t.deepEqual((await seenBy(ann, paid.id)).correctedBy, []);
  t.deepEqual((await seenBy(admin, paid.id, '/v1/admin/payments')).correctedBy, [made.id]);
  t.deepEqual((await ask('/v1/payments', { token: bob.token })).json.data[1].correctedBy, [made.id]);
  isRefused(t, await adjust(admin.username, paid.id), 'FORBIDDEN');
  const carol = await newPerson(open());
  for (const corrects of [paid.id, 'pay_0000000000', 'none']) {
    isRefused(t, await adjust(carol.username, corrects), 'VALIDATION_FAILED', { fields: ['corrects'] });
  }
});

test('every list says with count how many there are in all, under its filters and on every page', async (t) => {
  const { ask } = open();
  const [admin, ann, bob] = await Promise.all([newAdmin(open()), newPerson(open()), newPerson(open())]);
  for (const amount of ['1.00', '2.00', '3.00']) {
    await pay(open(), ann, { to: bob.username, amount });
  }
  const get = async (path: string, token: string) => (await ask(path, { token })).json;
  t.is((await get('/v1/payments?count=true&limit=1', ann.token)).total, 4);
  t.is((await get(`/v1/payments?count=true&with=${bob.username}`, ann.token)).total, 3);
  t.is((await get('/v1/payments?count=true&with=nobody', ann.token)).total, 0);
  t.false('total' in (await get('/v1/payments', ann.token)));
  const first = await get('/v1/payments?count=true&limit=1&kind=transfer', ann.token);
  const next = await get(`/v1/payments?count=true&limit=1&cursor=${first.nextCursor}`, ann.token);
  t.deepEqual([first.total, next.total], [3, 3]);
  for (const path of [
    'tokens',
    'blocks',
    'webhooks',
    'requests',
    'notifications',
    'notifications?unread=true',
  ]) {
    const { data, total } = await get(`/v1/${path}${path.includes('?') ? '&' : '?'}count=true`, bob.token);
    t.is(total, data.length, path);
  }
  const { token } = admin;
  t.is((await get(`/v1/admin/users?count=true&q=${ann.username}`, token)).total, 1);
  t.is((await get(`/v1/admin/payments?count=true&user=${ann.username}`, token)).total, 4);
  t.true((await get('/v1/admin/payments?count=true&limit=1', token)).total >= 4);
  t.is((await get(`/v1/admin/audit?count=true&subject=${ann.username}&action=user.`, token)).total, 1);
  t.is((await get('/v1/admin/limits?count=true', token)).total, 0);
});
