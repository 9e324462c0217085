import { randomUUID } from 'node:crypto';
import test from 'ava';
import { newAdmin } from '../support/admins.js';
import { sharedServer } from '../support/api-server.js';
import { balanceOf, newPerson, type Person } from '../support/people.js';
import { isRefused } from '../support/refusal.js';

const server = sharedServer(test);

const get = (who: Person, path: string) => server().ask(path, { token: who.token });

async function payOut(from: Person, to: Person, memos: readonly string[], amount = '0.01'): Promise<void> {
  const items = memos.map((memo) => ({ to: to.username, amount, memo }));
  const sent = await server().ask('/v1/payouts', {
    ...{ token: from.token, key: randomUUID(), send: { mode: 'all', items } },
  });
  if (sent.status !== 201) {
    throw new Error(sent.text);
  }
}

test('who asks for no more than a summary gets this month, what came in and what went out', async (t) => {
  const [alice, bob] = await Promise.all([newPerson(server()), newPerson(server(), 'JPY')]);
  await payOut(alice, bob, ['lunch', 'dinner'], '10.00');
  const { status, json } = await get(alice, '/v1/me/summary');
  t.is(status, 200);
  t.is(json.by, 'month');
  t.is(json.tz, 'UTC');
  const figures = {
    in: { amount: '1000.00', currency: 'GBP' },
    out: { amount: '20.00', currency: 'GBP' },
    net: { amount: '980.00', currency: 'GBP' },
    count: 3,
  };
  t.deepEqual(json.totals, [figures]);
  t.is(json.data.at(0).key, json.until.slice(0, 7));
  t.false(json.more);
  const theirs = await get(bob, '/v1/me/summary?by=counterparty&direction=received');
  t.deepEqual(
    theirs.json.data.map(({ key, count }: { key: string | null; count: number }) => [key, count]).toSorted(),
    [
      [alice.username, 2],
      [null, 1],
    ].toSorted(),
  );
});

test('more groups than are given are told of, and the totals hold them all', async (t) => {
  const [alice, bob] = await Promise.all([newPerson(server()), newPerson(server())]);
  await payOut(
    alice,
    bob,
    Array.from({ length: 450 }, (_, place) => `number ${place}`),
  );
  const { json } = await get(alice, '/v1/me/summary?by=memo&direction=sent');
  t.is(json.data.length, 400);
  t.true(json.more);
  t.is(json.totals[0].out.amount, '4.50');
  t.is(json.totals[0].count, 450);
});

test('the balance now is that of the account, and none before it was made', async (t) => {
  const alice = await newPerson(server());
  const now = await get(alice, '/v1/me/balances');
  t.is(now.json.data[0].balance.amount, await balanceOf(server(), alice));
  for (const at of ['2020-01-01T00:00:00Z', '0001-01-01T00:00:00Z']) {
    const before = await get(alice, `/v1/me/balances?at=${at}`);
    t.deepEqual(before.json.data[0].balance, { amount: '0.00', currency: 'GBP' });
  }
  const later = await get(alice, '/v1/me/balances?at=9999-12-31T23:59:59Z');
  t.is(later.json.data[0].balance.amount, '1000.00');
});

test('a period without anything in it gives nothing', async (t) => {
  const alice = await newPerson(server());
  for (const period of [
    'until=2020-01-01T00:00:00Z',
    'since=2090-01-01T00:00:00Z',
    'since=2026-02-01T00:00:00Z&until=2026-02-01T00:00:00Z',
  ]) {
    const summary = await get(alice, `/v1/me/summary?${period}`);
    t.deepEqual(summary.json.data, []);
    t.is(summary.json.totals[0].count, 0);
    t.deepEqual((await get(alice, `/v1/me/balances?${period}`)).json.data, []);
  }
});

const wrong: readonly (readonly [string, string])[] = [
  ['/v1/me/summary?tz=Middle/Earth', 'tz'],
  ['/v1/me/summary?tz=%2B01:00', 'tz'],
  ['/v1/me/summary?tz=', 'tz'],
  ['/v1/me/summary?by=year', 'by'],
  ['/v1/me/summary?limit=20', 'limit'],
  ['/v1/me/balances?at=2026-01-01T00:00:00Z&step=day', 'at'],
  ['/v1/me/balances?at=yesterday', 'at'],
  ['/v1/me/balances?step=hour', 'step'],
];

for (const [path, field] of wrong) {
  test(`${path} is refused, and ${field} named`, async (t) => {
    const alice = await newPerson(server());
    const reply = await get(alice, path);
    isRefused(t, reply, 'VALIDATION_FAILED');
    t.is(reply.json.errors[0].field, field);
  });
}

test('an administrator sees the same of one user, and of all what they hold together', async (t) => {
  const admin = await newAdmin(server());
  const [alice, bob] = await Promise.all([newPerson(server(), 'DKK'), newPerson(server(), 'DKK')]);
  await payOut(alice, bob, ['lunch'], '10.00');
  const path = `/v1/admin/users/${alice.username.toUpperCase()}`;
  const [own, seen] = [
    await get(alice, '/v1/me/summary?by=kind'),
    await get(admin, `${path}/summary?by=kind`),
  ];
  t.deepEqual(seen.json.data, own.json.data);
  const one = await get(admin, `${path}/balances?step=month`);
  t.is(one.json.data[0].balance.amount, await balanceOf(server(), alice));
  const all = await get(admin, '/v1/admin/balances?currency=DKK');
  const books = await get(admin, '/v1/admin/ledger');
  const kroner = books.json.currencies.find(({ currency }: { currency: string }) => currency === 'DKK');
  t.is(all.json.data[0].balance.amount, kroner.users);
  t.is(all.json.data[0].issued.amount, kroner.issued);
  const moved = await get(admin, '/v1/admin/summary?by=kind&currency=DKK&minAmount=10.00&maxAmount=10.00');
  t.deepEqual(
    moved.json.data.map(({ key, count }: { key: string; count: number }) => [key, count]),
    [['transfer', 1]],
  );
  isRefused(t, await get(admin, '/v1/admin/users/nobody-at-all/summary'), 'NOT_FOUND');
  isRefused(t, await get(admin, '/v1/admin/summary?minAmount=1'), 'VALIDATION_FAILED');
});

test('of groups in which as much moved, the one without a name comes first', async (t) => {
  const [alice, bob] = await Promise.all([newPerson(server()), newPerson(server())]);
  const items = [null, 'lunch', 'dinner'].map((memo) => ({ to: bob.username, amount: '1.00', memo }));
  const send = { mode: 'all', items };
  await server().ask('/v1/payouts', { token: alice.token, key: randomUUID(), send });
  const { json } = await get(alice, '/v1/me/summary?by=memo&direction=sent');
  t.deepEqual(
    json.data.map(({ key }: { key: string | null }) => key),
    [null, 'dinner', 'lunch'],
  );
});

for (const by of ['day', 'week', 'month', 'counterparty', 'kind', 'memo']) {
  test(`everybody's payments are summed by ${by}, in every currency`, async (t) => {
    const admin = await newAdmin(server());
    await newPerson(server(), 'SEK');
    const { status, json } = await get(admin, `/v1/admin/summary?by=${by}`);
    t.is(status, 200);
    t.true(json.totals.some(({ in: { currency } }: { in: { currency: string } }) => currency === 'SEK'));
  });
}
