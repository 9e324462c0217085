import { randomUUID } from 'node:crypto';
import test from 'ava';
import { serverForFile } from '../support/api-server.js';
import { changeRows, numberOf } from '../support/database.js';
import { asScript, balanceOf, freshName, newPerson, newScript, type Person, pay } from '../support/people.js';
import { isRefused } from '../support/refusal.js';

const server = serverForFile(test);

async function newAdmin(): Promise<Person> {
  const person = await newPerson(server(), 'GBP', 'admin');
  await changeRows(server(), "update users set role = 'admin' where id = ?", [numberOf(person.id)]);
  return person;
}

const change = ({ token }: Person, path: string, send: object) =>
  server().ask(`/v1/admin/limits/${path}`, { method: 'PUT', token, send: { reason: 'test', ...send } });

const limitUser = (admin: Person, { username }: Person, send: object) =>
  change(admin, `users/${encodeURIComponent(username)}`, send);

const limitsOf = async ({ token }: Person) => (await server().ask('/v1/me/limits', { token })).json.data;

const gbp = (amount: string) => ({ amount, currency: 'GBP' });

test('where nothing is limited there is nothing to tell', async (t) => {
  t.deepEqual(await limitsOf(await newPerson(server(), 'ISK')), []);
});

test('a user is told of each limit what is used, what is left and when more is, and a refusal says the same', async (t) => {
  const admin = await newAdmin();
  const [alice, bob] = await Promise.all([newScript(server()), newPerson(server())]);
  t.is((await limitUser(admin, alice, { perPayment: '20', perDay: '50.00' })).status, 200);
  const perPayment = {
    limit: 'per_payment',
    total: gbp('20.00'),
    used: gbp('0.00'),
    remaining: gbp('20.00'),
  };
  t.deepEqual(await limitsOf(alice), [
    { ...perPayment, resetsAt: null },
    { limit: 'per_day', total: gbp('50.00'), used: gbp('0.00'), remaining: gbp('50.00'), resetsAt: null },
  ]);
  const first = (await pay(server(), alice, { to: bob.username, amount: '20.00' })).json;
  await pay(server(), alice, { to: bob.username, amount: '12.50' });
  const resetsAt = first.createdAt.replace(/^.{10}/, (date: string) =>
    new Date(Date.parse(date) + 86_400_000).toISOString().slice(0, 10),
  );
  t.deepEqual(await limitsOf(alice), [
    { ...perPayment, resetsAt: null },
    { limit: 'per_day', total: gbp('50.00'), used: gbp('32.50'), remaining: gbp('17.50'), resetsAt },
  ]);
  for (const dryRun of [false, true]) {
    const refusal = await pay(server(), alice, { to: bob.username, amount: '17.51', dryRun });
    isRefused(t, refusal, 'LIMIT_EXCEEDED', { detail: /17\.50 GBP is left; this is 17\.51 GBP/ });
    const { which, limit, remaining } = refusal.json;
    t.deepEqual(
      { which, limit, remaining, resetsAt: refusal.json.resetsAt },
      { which: 'per_day', limit: gbp('50.00'), remaining: gbp('17.50'), resetsAt },
    );
  }
  t.is(await balanceOf(server(), alice), '967.50');
  t.is((await pay(server(), alice, { to: bob.username, amount: '17.50' })).status, 201);
});

test('a refusal for a limit is remembered under its key, even when the limit is gone', async (t) => {
  const admin = await newAdmin();
  const [alice, bob] = await Promise.all([newScript(server()), newPerson(server())]);
  await limitUser(admin, alice, { perPayment: '1.00' });
  const key = randomUUID();
  const refusal = await pay(server(), alice, { to: bob.username, amount: '2.00' }, key);
  isRefused(t, refusal, 'LIMIT_EXCEEDED');
  await limitUser(admin, alice, { perPayment: null });
  t.is((await pay(server(), alice, { to: bob.username, amount: '2.00' }, key)).text, refusal.text);
  t.is(await balanceOf(server(), alice), '1000.00');
});

test('a request beyond a limit cannot be accepted and stays pending', async (t) => {
  const admin = await newAdmin();
  const [alice, bob] = await Promise.all([newPerson(server()), newPerson(server())]);
  await limitUser(admin, alice, { perDay: '1.00' });
  const send = { from: alice.username, amount: '2.00' };
  const { id } = (await server().ask('/v1/requests', { token: bob.token, key: randomUUID(), send })).json;
  const accept = () =>
    server().ask(`/v1/requests/${id}/accept`, { token: alice.token, key: randomUUID(), send: {} });
  isRefused(t, await accept(), 'LIMIT_EXCEEDED');
  t.is((await server().ask(`/v1/requests/${id}`, { token: bob.token })).json.status, 'pending');
  await limitUser(admin, alice, { perDay: '2.00' });
  t.is((await accept()).status, 200);
});

test('of fifty payments at once at the edge of a day, exactly as many pass as fit', async (t) => {
  const admin = await newAdmin();
  const [alice, bob] = await Promise.all([newScript(server()), newPerson(server())]);
  await limitUser(admin, alice, { perDay: '23.99' });
  const replies = await Promise.all(
    Array.from({ length: 50 }, () => pay(server(), alice, { to: bob.username, amount: '1.00' })),
  );
  const passed = replies.filter(({ status }) => status === 201);
  t.is(passed.length, 23);
  for (const refusal of replies.filter(({ status }) => status !== 201)) {
    isRefused(t, refusal, 'LIMIT_EXCEEDED');
  }
  t.is(await balanceOf(server(), alice), '977.00');
  t.is(await balanceOf(server(), bob), '1023.00');
  t.deepEqual((await limitsOf(alice))[0].remaining, gbp('0.99'));
});

test('who pays to and fro more than there is has used up the day, and nobody beside them is held up', async (t) => {
  const admin = await newAdmin();
  const [alice, bob] = await Promise.all([newScript(server(), 'RON'), newScript(server(), 'RON')]);
  const amount = '60000000000000.00';
  const send = { username: alice.username, amount, direction: 'credit', reason: 'test' };
  const { token } = admin;
  t.is((await server().ask('/v1/admin/adjustments', { token, key: randomUUID(), send })).status, 201);
  for (let times = 0; times < 2; times += 1) {
    t.is((await pay(server(), alice, { to: bob.username, amount })).status, 201);
    t.is((await pay(server(), bob, { to: alice.username, amount })).status, 201);
  }
  await limitUser(admin, alice, { perDay: '90000000000000.00' });
  t.is((await limitsOf(alice))[0].remaining.amount, '0.00');
  const [refusal, beside] = await Promise.all([
    pay(server(), alice, { to: bob.username, amount: '0.01' }),
    pay(server(), bob, { to: alice.username, amount: '0.01' }),
  ]);
  isRefused(t, refusal, 'LIMIT_EXCEEDED', { detail: /0\.00 RON is left/ });
  t.is(beside.status, 201);
});

test('limits of a currency hold for all who hold it but whom they are taken from, and are listed', async (t) => {
  const admin = await newAdmin();
  const [anna, ben] = await Promise.all([newScript(server(), 'TND'), newScript(server(), 'TND')]);
  const tnd = (amount: string) => ({ amount, currency: 'TND' });
  t.deepEqual((await change(admin, 'currencies/TND', { perPayment: '1.5', perDay: null })).json, {
    ...{ currency: 'TND', username: null, perPayment: tnd('1.500'), perDay: null },
  });
  t.deepEqual((await limitUser(admin, ben, { perPayment: 'none', perDay: '9' })).json, {
    ...{ currency: 'TND', username: ben.username, perPayment: 'none', perDay: tnd('9.000') },
  });
  isRefused(t, await pay(server(), anna, { to: ben.username, amount: '1.501' }), 'LIMIT_EXCEEDED');
  t.is((await pay(server(), ben, { to: anna.username, amount: '1.501' })).status, 201);
  t.deepEqual(
    (await limitsOf(ben)).map(({ limit }: { limit: string }) => limit),
    ['per_day'],
  );
  const all = (await server().ask('/v1/admin/limits?limit=100', { token: admin.token })).json;
  const ofTnd = all.data.filter(({ currency }: { currency: string }) => currency === 'TND');
  t.deepEqual(
    ofTnd.map(({ username }: { username: string | null }) => username),
    [null, ben.username],
  );
  const csv = await server().ask(`/v1/admin/limits?user=${ben.username.toUpperCase()}`, {
    token: admin.token,
    headers: { accept: 'text/csv' },
  });
  t.is(csv.text, `currency,username,perPayment,perDay\r\nTND,${ben.username},none,9.000\r\n`);
  const lines = await server().ask(`/v1/admin/limits?user=${ben.username}`, {
    token: admin.token,
    headers: { accept: 'application/x-ndjson' },
  });
  t.deepEqual(JSON.parse(lines.text), ofTnd[1]);
  await change(admin, 'currencies/TND', { perPayment: null });
  t.is((await pay(server(), anna, { to: ben.username, amount: '1.501' })).status, 201);
});

test.serial('the list of limits goes on from page to page', async (t) => {
  const admin = await newAdmin();
  const people = await Promise.all([1, 2, 3].map(() => newPerson(server())));
  for (const person of people) {
    await limitUser(admin, person, { perDay: '1.00' });
  }
  const list = async (query: string) =>
    (await server().ask(`/v1/admin/limits?${query}`, { token: admin.token })).json;
  const whole = await list('limit=100');
  const pages = [];
  for (let page = await list('limit=2'); ; page = await list(`limit=2&cursor=${page.nextCursor}`)) {
    pages.push(...page.data);
    if (page.nextCursor === null) {
      break;
    }
  }
  t.deepEqual(pages, whole.data);
});

test('only administrators see and change limits, and say why', async (t) => {
  const admin = await newAdmin();
  const alice = await newPerson(server());
  isRefused(t, await limitUser(alice, alice, { perDay: '1.00' }), 'FORBIDDEN');
  isRefused(t, await change(alice, 'currencies/GBP', { perDay: '1.00' }), 'FORBIDDEN');
  isRefused(t, await server().ask('/v1/admin/limits', { token: alice.token }), 'FORBIDDEN');
  const script = await asScript(server(), admin);
  isRefused(t, await change(script, 'currencies/GBP', { perDay: '1.00' }), 'FORBIDDEN');
  isRefused(t, await limitUser(admin, alice, { perDay: '1.00', reason: ' ' }), 'VALIDATION_FAILED', {
    fields: ['reason'],
  });
  isRefused(t, await limitUser(admin, alice, {}), 'VALIDATION_FAILED', { detail: /perPayment or perDay/ });
  isRefused(t, await limitUser(admin, alice, { perDay: '1.001' }), 'INVALID_AMOUNT', { fields: ['perDay'] });
  isRefused(t, await limitUser(admin, alice, { perDay: '0' }), 'INVALID_AMOUNT', { fields: ['perDay'] });
  isRefused(t, await limitUser(admin, alice, { perDay: 5 }), 'VALIDATION_FAILED', {
    detail: /^perDay: must be a string such as "12.50", not a number/,
  });
  isRefused(t, await limitUser(admin, alice, { perDay: '1'.repeat(65) }), 'INVALID_AMOUNT', {
    fields: ['perDay'],
  });
  isRefused(t, await change(admin, 'currencies/GBP', { perDay: 'none' }), 'INVALID_AMOUNT');
  isRefused(t, await change(admin, 'currencies/XXX', { perDay: '1.00' }), 'NOT_FOUND');
  isRefused(t, await change(admin, `users/${freshName()}`, { perDay: '1.00' }), 'NOT_FOUND');
  t.deepEqual(await limitsOf(alice), []);
});

test('what is left is told to whoever may read', async (t) => {
  const alice = await newPerson(server());
  const send = { name: 'payer', scopes: ['pay'] };
  const { token } = (await server().ask('/v1/tokens', { token: alice.token, send })).json;
  isRefused(t, await server().ask('/v1/me/limits', { token }), 'FORBIDDEN');
  isRefused(t, await server().ask('/v1/me/limits'), 'UNAUTHENTICATED');
});
