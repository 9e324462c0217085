import { randomUUID } from 'node:crypto';
import test from 'ava';
import { serverForFile } from '../support/api-server.js';
import { runSql } from '../support/database.js';
import { balanceOf, historyOf, newScript, type Person, pay } from '../support/people.js';
import { isRefused } from '../support/refusal.js';

const server = serverForFile(test);

const people = (count: number, currency = 'GBP') =>
  Promise.all(Array.from({ length: count }, () => newScript(server(), currency)));

const pennies = (amount: string) => BigInt(amount.replace('.', ''));

/** Judges whether books are as every ledger must be: each currency sums to zero, each balance is its entries, and no customer owes. */
async function areBooksSound(t: { deepEqual: (a: unknown, b: unknown) => void }): Promise<void> {
  t.deepEqual(
    await runSql(
      server(),
      `select currency, sum(balance) as sum from accounts group by currency having sum(balance) <> 0`,
    ),
    [],
  );
  t.deepEqual(
    await runSql(
      server(),
      `select id from accounts a where (kind = 'customer' and balance < 0)
          or balance <> (select coalesce(sum(amount), 0) from entries e where e.account_id = a.id)`,
    ),
    [],
  );
}

test('of payments that together exceed the balance exactly as many succeed as it allows', async (t) => {
  const [alice, bob] = (await people(2)) as [Person, Person];
  const replies = await Promise.all(
    Array.from({ length: 50 }, () => pay(server(), alice, { to: bob.username, amount: '30.00' })),
  );
  const paid = replies.filter(({ status }) => status === 201);
  t.is(paid.length, 33);
  for (const reply of replies.filter(({ status }) => status !== 201)) {
    isRefused(t, reply, 'INSUFFICIENT_FUNDS');
    t.is(reply.json.available.amount, '10.00');
  }
  t.is(await balanceOf(server(), alice), '10.00');
  t.is(await balanceOf(server(), bob), '1990.00');
  const balances = paid.map(({ json }) => json.balanceAfter.amount).toSorted((a, b) => Number(b) - Number(a));
  t.deepEqual(
    balances,
    Array.from({ length: 33 }, (_, place) => `${970 - 30 * place}.00`),
  );
  t.is(new Set(paid.map(({ json }) => json.id)).size, 33);
});

test('payments of different sizes and to different people never overdraw', async (t) => {
  const [alice, ...others] = (await people(4)) as [Person, ...Person[]];
  const replies = await Promise.all(
    Array.from({ length: 60 }, (_, place) =>
      pay(server(), alice, {
        to: (others[place % 3] as Person).username,
        amount: `${((place * 37) % 90) + 1}.99`,
      }),
    ),
  );
  const paid = replies.filter(({ status }) => status === 201);
  t.true(paid.length > 0 && paid.length < 60);
  const spent = paid.reduce((sum, { json }) => sum + pennies(json.sent.amount), 0n);
  const left = pennies(await balanceOf(server(), alice));
  t.is(left, 100_000n - spent);
  for (const { json } of replies.filter(({ status }) => status !== 201)) {
    t.true(pennies(json.required.amount) > pennies(json.available.amount));
  }
});

test('people who pay each other in circles at once lose and gain nothing', async (t) => {
  const circle = await people(6);
  const replies = await Promise.all(
    Array.from({ length: 120 }, (_, place) => {
      const from = circle[place % 6] as Person;
      const to = circle[(place + 1) % 6] as Person;
      return pay(server(), from, { to: to.username, amount: '7.77' });
    }),
  );
  t.true(replies.every(({ status }) => status === 201));
  for (const person of circle) {
    t.is(await balanceOf(server(), person), '1000.00');
    t.is((await historyOf(server(), person)).length, 41);
  }
});

test('money that has just arrived can be spent, and only then', async (t) => {
  const [alice, bob, carol] = (await people(3)) as [Person, Person, Person];
  const early = await pay(server(), bob, { to: carol.username, amount: '1500.00' });
  isRefused(t, early, 'INSUFFICIENT_FUNDS');
  t.is((await pay(server(), alice, { to: bob.username, amount: '600.00' })).status, 201);
  t.is((await pay(server(), bob, { to: carol.username, amount: '1500.00' })).status, 201);
  t.is(await balanceOf(server(), bob), '100.00');
});

test('a hundred clients at once, each on a connection of its own, are all answered', async (t) => {
  const group = await people(10);
  const friends = await people(2, 'JPY');
  const clients = Array.from({ length: 100 }, (_, place) => ({
    agent: server().newAgent({ connections: 1 }),
    from: group[place % 10] as Person,
    to: friends[place % 2] as Person,
  }));
  const statuses = await Promise.all(
    clients.map(async ({ agent, from, to }) => {
      const seen: number[] = [];
      for (let round = 0; round < 3; round += 1) {
        const send = { to: to.username, amount: '1.00' };
        const { token } = from;
        seen.push((await server().ask('/v1/payments', { agent, token, key: randomUUID(), send })).status);
        seen.push((await server().ask('/v1/payments?limit=5', { agent, token })).status);
      }
      return seen;
    }),
  );
  t.deepEqual(new Set(statuses.flat()), new Set([201, 200]));
  for (const person of group) {
    t.is(await balanceOf(server(), person), '970.00');
  }
});

// By itself: whoever registers for another test waits at the same place.
test.serial('a hundred people at once log in, or are told to come back', async (t) => {
  const [person] = (await people(1)) as [Person];
  const { username, password } = person;
  const replies = await Promise.all(
    Array.from({ length: 100 }, () =>
      server().ask('/v1/sessions', { agent: server().newAgent(), send: { username, password } }),
    ),
  );
  for (const reply of replies.filter(({ status }) => status !== 201)) {
    isRefused(t, reply, 'RATE_LIMITED', { detail: /again/ });
  }
  t.true(replies.filter(({ status }) => status === 201).length >= 64);
});

test('each answer is durable: what was answered is there for the next reader', async (t) => {
  const [alice, bob] = (await people(2)) as [Person, Person];
  await Promise.all(
    Array.from({ length: 40 }, async () => {
      const { json } = await pay(server(), alice, { to: bob.username, amount: '1.00' });
      const seen = await server().ask(`/v1/payments/${json.id}`, { token: bob.token });
      t.is(seen.json?.id, json.id, seen.text);
    }),
  );
});

test.after('the books are sound', areBooksSound);
