import test from 'ava';
import { makeDataFolder } from '../../support/first-start.js';
import { serverForFile, startServer } from '../support/api-server.js';
import { newPerson, newScript, pay } from '../support/people.js';
import { isRefused } from '../support/refusal.js';

/** Small parts, so that little is too much. */
const limited = serverForFile(test, {
  environment: {
    PAY_RATE_LIMITS: 'items=5/60 stored=40/600 lists=1/1 listsWaiting=2/9 exports=1/9 streams=1/9',
    PAY_DISK_FLOOR_MB: '100000000',
  },
});

const payout = (to: string, items: number, more: object = {}) => ({
  mode: 'each',
  items: Array.from({ length: items }, () => ({ to, amount: '0.01' })),
  ...more,
});

test('a payout counts by its items, dry runs included', async (t) => {
  const server = limited();
  const [alice, bob] = await Promise.all([newScript(server), newPerson(server)]);
  const dryRun = (items: number) =>
    server.ask('/v1/payouts', { token: alice.token, send: payout(bob.username, items, { dryRun: true }) });
  t.is((await dryRun(3)).status, 200);
  const refused = await dryRun(3);
  isRefused(t, refused, 'RATE_LIMITED');
  t.is(refused.headers['ratelimit-policy'], '"items";q=5;w=60');
  t.is((await pay(server, alice, { to: bob.username, amount: '0.01' })).status, 201);
});

test('what one user leaves behind in a day has a bound, which dry runs and reading do not touch', async (t) => {
  const server = limited();
  const [alice, bob] = await Promise.all([newScript(server), newPerson(server)]);
  const statuses: number[] = [];
  for (let count = 0; count < 25; count += 1) {
    await pay(server, alice, { to: bob.username, amount: '0.01', dryRun: true });
    const reply = await pay(server, alice, { to: bob.username, amount: '0.01' });
    statuses.push(reply.status);
    if (reply.status === 429) {
      t.is(reply.headers['ratelimit-policy'], '"stored";q=40;w=600');
    }
  }
  const paid = statuses.filter((status) => status === 201).length;
  t.true(paid >= 15 && paid <= 20, `${paid} payments`);
  t.is(statuses.at(-1), 429);
  t.is((await server.ask('/v1/payments', { token: alice.token })).status, 200);
  t.is((await pay(server, bob, { to: alice.username, amount: '0.01' })).status, 201);
});

test('on a disk that is nearly full single payments go on, and payouts of several are refused with the reason', async (t) => {
  const server = limited();
  const [alice, bob] = await Promise.all([newScript(server), newPerson(server)]);
  const send = payout(bob.username, 2);
  const refused = await server.ask('/v1/payouts', { token: alice.token, key: 'two', send });
  isRefused(t, refused, 'STORAGE_UNAVAILABLE', { detail: /nearly full/ });
  t.is((await pay(server, alice, { to: bob.username, amount: '0.01' })).status, 201);
  const one = { token: alice.token, key: 'one', send: payout(bob.username, 1) };
  t.is((await server.ask('/v1/payouts', one)).status, 201);
  const metrics = (await server.ask('/metrics')).text;
  t.regex(metrics, /^pay_disk_free_bytes [1-9]/m);
  t.regex(metrics, /^pay_database_bytes [1-9]/m);
});

test('lists of one user take turns, and those of another are not kept waiting for them', async (t) => {
  const server = limited();
  const [alice, bob] = await Promise.all([newPerson(server), newPerson(server)]);
  const asked = Array.from({ length: 60 }, () =>
    server.ask('/v1/payments?q=nowhere', { token: alice.token }),
  );
  t.is((await server.ask('/v1/payments?q=nowhere', { token: bob.token })).status, 200);
  const replies = await Promise.all(asked);
  const refused = replies.filter(({ status }) => status !== 200);
  t.true(refused.length > 0 && refused.length < 60, `${refused.length} were refused`);
  for (const reply of refused) {
    isRefused(t, reply, 'RATE_LIMITED');
  }
});

test('every part is published', async (t) => {
  const { json } = await limited().ask('/v1/server');
  t.deepEqual(json.shares.lists, { ofOne: 1, inAll: 1 });
  t.deepEqual(json.shares.streams, { ofOne: 1, inAll: 9 });
  t.deepEqual(json.rateLimits.items, { points: 5, windowSeconds: 60 });
  t.deepEqual(json.rateLimits.stored, { points: 40, windowSeconds: 600 });
});

test('what one user leaves behind is not forgiven by a restart', async (t) => {
  const dataDir = await makeDataFolder(t);
  const open = () =>
    startServer({
      dataDir,
      environment: { PAY_RATE_LIMITS: 'stored=40/86400', PAY_OPENING_CREDIT: '1.00 GBP' },
    });
  let server = await open();
  t.teardown(async () => void (await server.stop()));
  const [alice, bob] = await Promise.all([newScript(server), newPerson(server)]);
  const payOnce = () => pay(server, alice, { to: bob.username, amount: '0.01' });
  for (let count = 0; count < 10; count += 1) {
    t.is((await payOnce()).status, 201);
  }
  await server.stop();
  server = await open();
  const statuses: number[] = [];
  for (let count = 0; count < 12; count += 1) {
    statuses.push((await payOnce()).status);
  }
  const paid = statuses.filter((status) => status === 201).length;
  t.true(paid >= 5 && paid <= 10, `${statuses}`);
  t.is(statuses.at(-1), 429);
});
