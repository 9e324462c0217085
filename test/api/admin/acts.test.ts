import { randomUUID } from 'node:crypto';
import test from 'ava';
import { auditBooks } from '../../ledger/support/audit.js';
import { readTables } from '../../program/support/tables.js';
import { adjust, changeUser, newAdmin } from '../support/admins.js';
import { serverForFile } from '../support/api-server.js';
import { booksOf, runSql } from '../support/database.js';
import {
  asScript,
  balanceOf,
  freshName,
  goodPassword,
  logIn,
  newPerson,
  newScript,
  type Person,
  pay,
} from '../support/people.js';
import { isRefused } from '../support/refusal.js';

const server = serverForFile(test);

const inboxOf = async ({ token }: Person) =>
  (await server().ask('/v1/notifications', { token })).json.data as { type: string; data: object }[];

const trailOf = (subject: string) =>
  runSql(server(), 'select action, reason, before, after from audit where subject = ? order by id', [
    subject,
  ]);

const reset = (admin: Person, { username }: { readonly username: string }) =>
  server().ask(`/v1/admin/users/${username}/password`, {
    token: admin.token,
    send: { reason: 'forgot it' },
  });

test('who is frozen is told, sees it, and gives nothing back until unfrozen', async (t) => {
  const [admin, cold, warm] = await Promise.all([
    newAdmin(server()),
    newPerson(server()),
    newPerson(server()),
  ]);
  const { json: gift } = await pay(server(), warm, { to: cold.username, amount: '3.00' });
  const send = { reason: '  chargeback fraud  ', status: 'frozen' };
  const path = `/v1/admin/users/${cold.username}`;
  const frozen = await server().ask(path, { method: 'PATCH', token: admin.token, send });
  t.like(frozen.json, { username: cold.username, status: 'frozen' });
  t.like((await inboxOf(cold))[0], { type: 'account.frozen', data: { reason: 'chargeback fraud' } });
  t.is((await server().ask('/v1/me', { token: cold.token })).json.status, 'frozen');
  const refund = () =>
    server().ask(`/v1/payments/${gift.id}/refunds`, { token: cold.token, key: randomUUID(), send: {} });
  const before = await booksOf(server(), [warm]);
  isRefused(t, await refund(), 'ACCOUNT_FROZEN');
  t.deepEqual(await booksOf(server(), [warm]), before);
  t.is(await balanceOf(server(), cold), '1003.00');
  t.is((await changeUser(server(), admin, cold, { status: 'active' })).status, 200);
  t.is((await refund()).status, 201);
  t.like((await inboxOf(cold))[0], { type: 'account.unfrozen' });
  const change = { before: '{"status":"active"}', after: '{"status":"frozen"}' };
  t.like(
    (await trailOf(cold.username)).filter(({ action }) => String(action).startsWith('user.f')),
    {
      length: 1,
      0: { action: 'user.frozen', reason: 'chargeback fraud', ...change },
    },
  );
});

test('a reason is required and is more than spaces', async (t) => {
  const [admin, alice] = await Promise.all([newAdmin(server()), newPerson(server())]);
  const { token } = admin;
  const path = `/v1/admin/users/${alice.username}`;
  const adjustment = { username: alice.username, amount: '1.00', direction: 'credit' };
  for (const reason of [undefined, '', '   ', null, 'x'.repeat(501)]) {
    for (const asked of [
      { path, method: 'PATCH', send: { status: 'frozen', reason } },
      { path: `${path}/password`, method: 'POST', send: { reason } },
      { path: '/v1/admin/adjustments', method: 'POST', send: { ...adjustment, reason }, key: randomUUID() },
    ]) {
      const reply = await server().ask(asked.path, { token, ...asked });
      isRefused(t, reply, 'VALIDATION_FAILED', { fields: ['reason'] });
    }
  }
  const empty = { method: 'PATCH', token, send: { reason: 'because' } };
  isRefused(t, await server().ask(path, empty), 'VALIDATION_FAILED', {
    detail: /status, role or secondFactor/,
  });
  t.is((await server().ask('/v1/me', { token: alice.token })).json.status, 'active');
});

test('a one-time password opens nothing but its own change', async (t) => {
  const { ask } = server();
  const [admin, alice] = await Promise.all([newAdmin(server()), newPerson(server())]);
  const script = await asScript(server(), alice);
  const reply = await reset(admin, alice);
  t.is(reply.status, 200);
  const { oneTimePassword, expiresAt, ...rest } = reply.json;
  t.deepEqual(rest, {});
  const hours = (Date.parse(expiresAt) - Date.now()) / 3_600_000;
  t.true(hours > 23.9 && hours <= 24, expiresAt);
  t.regex(oneTimePassword, /^[a-hj-km-np-z2-9]{4}(?:-[a-hj-km-np-z2-9]{4}){3}$/);
  for (const token of [alice.token, script.token]) {
    isRefused(t, await ask('/v1/me', { token }), 'UNAUTHENTICATED');
  }
  isRefused(
    t,
    await ask('/v1/sessions', { send: { username: alice.username, password: goodPassword } }),
    'INVALID_CREDENTIALS',
  );
  const logInAgain = (password: string) =>
    ask('/v1/sessions', { send: { username: alice.username, password } });
  const { token, mustChangePassword } = (await logInAgain(oneTimePassword)).json;
  t.true(mustChangePassword);
  isRefused(t, await ask('/v1/me', { token }), 'PASSWORD_CHANGE_REQUIRED');
  const change = (newPassword: string) =>
    ask('/v1/me/password', { token, send: { currentPassword: oneTimePassword, newPassword } });
  isRefused(t, await change(oneTimePassword), 'WEAK_PASSWORD', { fields: ['newPassword'] });
  isRefused(t, await ask('/v1/me', { token }), 'PASSWORD_CHANGE_REQUIRED');
  t.is((await change('walnut-harbour-91-kite')).status, 204);
  t.is((await ask('/v1/me', { token })).json.username, alice.username);
  isRefused(t, await logInAgain(oneTimePassword), 'INVALID_CREDENTIALS');
  t.false((await logInAgain('walnut-harbour-91-kite')).json.mustChangePassword);
  const everything = JSON.stringify(await readTables(server().dataDir));
  t.false(everything.includes(oneTimePassword));
  t.false(server().stderr().includes(oneTimePassword));
});

test('who lost the answer of a reset does it again, and the last one counts', async (t) => {
  const [admin, alice] = await Promise.all([newAdmin(server()), newPerson(server())]);
  const [first, second] = [await reset(admin, alice), await reset(admin, alice)];
  t.not(first.json.oneTimePassword, second.json.oneTimePassword);
  await t.throwsAsync(logIn(server(), alice.username, first.json.oneTimePassword));
  await t.notThrowsAsync(logIn(server(), alice.username, second.json.oneTimePassword));
  isRefused(t, await reset(admin, admin), 'FORBIDDEN', { see: 'changePassword' });
});

test('a further administrator has a wallet and acts', async (t) => {
  const { ask } = server();
  const [admin, alice] = await Promise.all([newAdmin(server(), 'USD'), newPerson(server())]);
  const username = freshName('boss');
  const send = { username, email: `${username}@example.org`, password: goodPassword };
  const asked = { token: admin.token, send };
  isRefused(
    t,
    await ask('/v1/admin/admins', { ...asked, send: { ...send, password: 'password' } }),
    'WEAK_PASSWORD',
  );
  const reply = await ask('/v1/admin/admins', asked);
  t.is(reply.headers.location, `/v1/admin/users/${username}`);
  t.like(reply.json, { username, role: 'admin', currency: 'USD', balance: { amount: '1270.00' } });
  isRefused(t, await ask('/v1/admin/admins', asked), 'USERNAME_TAKEN');
  const token = await logIn(server(), username);
  t.is((await changeUser(server(), { token }, alice, { status: 'frozen' })).status, 200);
  const other = { ...send, username: freshName(), email: `${freshName()}@example.org`, currency: 'JPY' };
  t.like((await ask('/v1/admin/admins', { token, send: other })).json, { currency: 'JPY', role: 'admin' });
});

test('an adjustment moves money once, is told, and shows in the user’s history', async (t) => {
  const [admin, carol] = await Promise.all([newAdmin(server()), newPerson(server(), 'USD')]);
  const credit = { username: carol.username.toUpperCase(), amount: '30.00', direction: 'credit' } as const;
  const first = await adjust(server(), admin, credit, 'once');
  t.is(first.status, 201);
  t.is(first.headers.location, `/v1/admin/payments/${first.json.id}`);
  const replay = await adjust(server(), admin, credit, 'once');
  t.is(replay.text, first.text);
  t.is(replay.headers['idempotency-replayed'], 'true');
  t.is((await adjust(server(), admin, { ...credit, amount: '30' }, 'once')).text, first.text);
  isRefused(
    t,
    await adjust(server(), admin, { ...credit, amount: '31.00' }, 'once'),
    'IDEMPOTENCY_KEY_REUSED',
  );
  t.is(await balanceOf(server(), carol), '1300.00');
  const debit = { ...credit, direction: 'debit', amount: '0.01' } as const;
  t.is((await adjust(server(), admin, debit)).status, 201);
  const { json } = await server().ask('/v1/payments?kind=adjustment', { token: carol.token });
  t.like(json.data, {
    length: 2,
    0: { direction: 'sent', from: carol.username, to: null, balanceAfter: { amount: '1299.99' } },
    1: { direction: 'received', from: null, to: carol.username, memo: 'because' },
  });
  t.deepEqual(
    (await inboxOf(carol)).map(({ type }) => type),
    ['payment.debited', 'payment.received'],
  );
});

test('an adjustment takes a key, a dry run none, and neither a self nor a nobody', async (t) => {
  const [admin, alice] = await Promise.all([newAdmin(server()), newPerson(server())]);
  const { token } = admin;
  const send = { username: alice.username, amount: '1.00', direction: 'debit', reason: 'because' };
  const ask = (given: object, key?: string) =>
    server().ask('/v1/admin/adjustments', {
      token,
      send: { ...send, ...given },
      ...(key !== undefined && { key }),
    });
  const before = await booksOf(server(), [alice, admin]);
  isRefused(t, await ask({}), 'IDEMPOTENCY_KEY_REQUIRED');
  const dry = await ask({ dryRun: true });
  t.is(dry.status, 200);
  t.like(dry.json, { id: null, kind: 'adjustment', sent: { amount: '1.00', currency: 'GBP' } });
  isRefused(t, await ask({ dryRun: true, amount: '1000.01' }), 'INSUFFICIENT_FUNDS');
  isRefused(t, await ask({ dryRun: true, username: 'nobody' }), 'USER_NOT_FOUND', { fields: ['username'] });
  isRefused(t, await ask({ username: admin.username }, randomUUID()), 'FORBIDDEN');
  isRefused(t, await ask({ direction: 'sideways' }, randomUUID()), 'VALIDATION_FAILED', {
    fields: ['direction'],
  });
  t.deepEqual(await booksOf(server(), [alice, admin]), before);
});

test('of two administrators who demote each other at once one stays', async (t) => {
  for (let round = 0; round < 5; round += 1) {
    const [one, other] = await Promise.all([newAdmin(server()), newAdmin(server())]);
    const replies = await Promise.all([
      changeUser(server(), one, other, { role: 'user' }),
      changeUser(server(), other, one, { role: 'user' }),
    ]);
    t.deepEqual(replies.map(({ status }) => status).toSorted(), [200, 403]);
    const roles = await Promise.all(
      [one, other].map(async ({ token }) => (await server().ask('/v1/me', { token })).json.role),
    );
    t.deepEqual(roles.toSorted(), ['admin', 'user']);
  }
});

test('who is frozen while paying has paid what was accepted before, and nothing after', async (t) => {
  const [admin, cold, warm] = await Promise.all([
    newAdmin(server()),
    newScript(server()),
    newPerson(server()),
  ]);
  const paying = Array.from({ length: 40 }, async (_, count) => {
    await new Promise((resolve) => setTimeout(resolve, count * 3));
    return pay(server(), cold, { to: warm.username, amount: '1.00' });
  });
  await Promise.all(paying.slice(0, 10));
  const frozen = await changeUser(server(), admin, cold, { status: 'frozen' });
  const balance = frozen.json.balance.amount;
  const replies = await Promise.all(paying);
  const paid = replies.filter(({ status }) => status === 201);
  for (const reply of replies) {
    if (reply.status !== 201) {
      isRefused(t, reply, 'ACCOUNT_FROZEN');
    }
  }
  t.is(balance, `${1000 - paid.length}.00`);
  t.is(await balanceOf(server(), cold), balance);
  t.is(await balanceOf(server(), warm), `${1000 + paid.length}.00`);
});

test.serial.after('the books are sound', async (t) => {
  t.deepEqual(auditBooks(await readTables(server().dataDir)), []);
});
