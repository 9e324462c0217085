import { randomUUID } from 'node:crypto';
import anyTest from 'ava';
import { openMaker } from '../../db/connect.js';
import { checkDatabaseFile } from '../../server/features/books/check-database.js';
import { balanceOf, newPerson, newScript, pay } from '../api/support/people.js';
import { startReceiver } from '../features/webhooks/support/receiver.js';
import { hook, makeWebhook } from '../features/webhooks/support/webhooks.js';
import { testWith } from '../support/needs.js';
import { needsPostgres } from '../support/on-postgres.js';
import { until } from '../support/until.js';
import { type OneOfSeveral, startOn, startTwo, type TwoServers } from './support/two-servers.js';

const test = testWith(needsPostgres);

let running: Promise<TwoServers> | undefined;

/** The two servers of this file, whose tests use them at the same time. */
function twoServers(): Promise<TwoServers> {
  running ??= startTwo();
  return running;
}

anyTest.after.always('the servers stop, and the books are in order', async (t) => {
  const { url, one, other } = (await running) ?? {};
  for (const server of [one, other]) {
    t.is((await server?.stop()) ?? 0, 0);
  }
  if (url !== undefined) {
    const { problems } = await checkDatabaseFile(url);
    t.deepEqual(problems, []);
  }
});

test('a payment through one server shows in a stream on another, and whoever is paid can pass it on there', async (t) => {
  const { one, other } = await twoServers();
  const alice = await newPerson(one);
  const bob = await newPerson(other);
  const stream = await other.openStream(bob);
  t.is((await pay(one, alice, { to: bob.username, amount: '1000.00' })).status, 201);
  const answeredAtMs = performance.now();
  t.is((await stream.nextEvent())?.type, 'payment.received');
  t.log(`it was heard of ${Math.round(performance.now() - answeredAtMs)} ms after the answer`);
  stream.close();
  t.is((await pay(other, bob, { to: alice.username, amount: '999.00' })).status, 201);
  t.is((await pay(one, alice, { to: bob.username, amount: '999.01' })).json.code, 'INSUFFICIENT_FUNDS');
  t.is(await balanceOf(other, alice), '999.00');
  t.is(await balanceOf(one, bob), '1001.00');
});

test('a token that is revoked on one server is dead on the other from the next request, and its stream ends', async (t) => {
  const { one, other } = await twoServers();
  const alice = await newPerson(one);
  for (let round = 0; round < 10; round += 1) {
    const send = { name: `script ${round}`, scopes: ['read', 'pay'] };
    const { json } = await one.ask('/v1/tokens', { token: alice.token, send });
    const stream = await other.openStream(json);
    // It is known there, and would be kept in mind by a server that is alone.
    t.is((await other.ask('/v1/me', { token: json.token })).status, 200);
    t.is((await one.ask(`/v1/tokens/${json.id}`, { token: alice.token, method: 'DELETE' })).status, 204);
    t.is((await other.ask('/v1/me', { token: json.token })).status, 401);
    t.is(await stream.nextEvent(), undefined);
  }
  t.is((await other.ask('/v1/sessions/current', { token: alice.token, method: 'DELETE' })).status, 204);
  t.is((await one.ask('/v1/me', { token: alice.token })).status, 401);
});

test('the same key on both servers at once moves money once, and both are answered the same', async (t) => {
  const { one, other } = await twoServers();
  const [alice, bob] = await Promise.all([newScript(one), newScript(other)]);
  for (let round = 1; round <= 20; round += 1) {
    const key = randomUUID();
    const asks = [one, other, one, other].map((server) =>
      pay(server, alice, { to: bob.username, amount: '1.00' }, key),
    );
    const replies = await Promise.all(asks);
    t.deepEqual(new Set(replies.map(({ status }) => status)), new Set([201]));
    t.is(new Set(replies.map(({ text }) => text)).size, 1);
    t.is(await balanceOf(round % 2 === 0 ? one : other, bob), `${1_000 + round}.00`);
  }
});

test('opposed transfers through two servers lose nothing, and numbers and times rise as they were committed', async (t) => {
  const { url, one, other } = await twoServers();
  const people = await Promise.all([one, other, one, other].map((server) => newScript(server)));
  const lanes = 8;
  const each = 25;
  await Promise.all(
    Array.from({ length: lanes }, async (_, lane) => {
      const server = lane % 2 === 0 ? one : other;
      for (let number = 0; number < each; number += 1) {
        const from = people[(lane + number) % people.length] ?? t.fail();
        const to = people[(lane + number * 3 + 1) % people.length] ?? t.fail();
        if (from && to && from !== to) {
          const reply = await pay(server, from, { to: to.username, amount: '0.01' });
          t.is(reply.status, 201, reply.text);
        }
      }
    }),
  );
  const balances = await Promise.all(people.map((person) => balanceOf(one, person)));
  const total = balances.reduce((sum, balance) => sum + Math.round(Number(balance) * 100), 0);
  t.is(total, people.length * 100_000);
  const database = openMaker(url);
  t.teardown(() => database.destroy());
  const rows: { id: number; created_at: number; chain: number }[] = await database.raw(
    'select id, created_at, chain from payments order by id',
  );
  t.true(new Set(rows.map(({ chain }) => chain)).size >= 2);
  for (const [index, { id, created_at }] of rows.entries()) {
    t.is(id, index + 1);
    t.true(created_at >= (rows[index - 1]?.created_at ?? 0));
  }
});

test('a server that is killed under load leaves what it answered, and the others go on', async (t) => {
  const { url, other } = await twoServers();
  const victim = await startOn(url);
  const [alice, bob] = await Promise.all([newScript(victim), newScript(other)]);
  let paid = 0;
  let isKilled = false;
  async function payAll(server: OneOfSeveral, lane: number): Promise<void> {
    for (let number = 0; number < 50; number += 1) {
      try {
        const reply = await pay(server, alice, { to: bob.username, amount: '0.01' }, `${lane}-${number}`);
        t.is(reply.status, 201, reply.text);
        paid += 1;
      } catch (error) {
        if (server === victim && isKilled) {
          return;
        }
        throw error;
      }
    }
  }
  const paying = Promise.all([0, 1, 2, 3].map((lane) => payAll(lane % 2 === 0 ? victim : other, lane)));
  await until('some payments', () => paid > 40);
  isKilled = true;
  await victim.kill();
  await paying;
  // Whoever comes in its place continues its chain.
  const next = await startOn(url);
  t.is((await pay(next, alice, { to: bob.username, amount: '1.00' })).status, 201);
  const received = Math.round((Number(await balanceOf(next, bob)) - 1_001) * 100);
  t.true(received >= paid && received <= paid + 2, `${received} were received, ${paid} were answered`);
  t.is(await next.stop(), 0);
});

test('a block that is set through one server counts on the other at once', async (t) => {
  const { one, other } = await twoServers();
  const [alice, bob] = await Promise.all([newPerson(one), newPerson(other)]);
  for (const [method, status] of [
    ['PUT', 409],
    ['DELETE', 201],
  ] as const) {
    const { username } = bob;
    t.true((await one.ask(`/v1/blocks/${username}`, { token: alice.token, method })).status < 300);
    const send = { from: alice.username, amount: '1.00' };
    const asked = await other.ask('/v1/requests', { token: bob.token, send, key: randomUUID() });
    t.is(asked.status, status, asked.text);
  }
});

test('each event is delivered once to each webhook, whichever server made the webhook or the payment', async (t) => {
  const { one, other } = await twoServers();
  const receiver = await startReceiver(t);
  const [alice, bob] = await Promise.all([newScript(one), newPerson(other)]);
  for (const server of [one, other]) {
    t.is((await makeWebhook(server, bob, hook(receiver))).status, 201);
  }
  const payments = 10;
  await Promise.all(
    Array.from({ length: payments }, (_, number) =>
      pay(number % 2 === 0 ? one : other, alice, { to: bob.username, amount: '1.00' }),
    ),
  );
  const deliveries = new Set<unknown>();
  for (let count = 0; count < 2 * payments; count += 1) {
    deliveries.add((await receiver.next()).headers['pay-delivery-id']);
  }
  t.is(deliveries.size, 2 * payments);
  t.is(receiver.count(), 2 * payments);
});
