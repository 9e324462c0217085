import test from 'ava';
import { startProgram } from '../db/support/processes.js';
import { makeDataFolder } from '../support/first-start.js';
import { assertWhole, readBooks, transfersOf } from './support/books.js';
import { makeClient } from './support/client.js';
import { startLoad } from './support/load.js';
import { startServer } from './support/server.js';

const deadlineMs = 10_000;

test('a server that is asked to stop under load ends with status 0, and every payment that it made was answered', async (t) => {
  const data = await makeDataFolder(t);
  const server = await startServer(t, data);
  const client = await makeClient(t, server);
  const users = await Promise.all(['alice', 'bob', 'carol'].map((name) => client.register(name)));
  const load = startLoad(client, users, 32);
  await load.answered(100);
  const startedAtMs = performance.now();
  t.is(await server.stop(), 0);
  t.true(performance.now() - startedAtMs < deadlineMs);
  const attempts = await load.finish();
  const statuses = attempts.flatMap(({ reply }) => reply?.status ?? []);
  t.deepEqual(
    statuses.filter((status) => status !== 201 && status !== 409),
    [],
  );
  const books = await readBooks(data);
  assertWhole(t, books);
  t.is(transfersOf(books).length, statuses.filter((status) => status === 201).length);
});

test('a request that is under way when the server is asked to stop gets its real answer', async (t) => {
  const data = await makeDataFolder(t);
  const server = await startServer(t, data);
  const client = await makeClient(t, server);
  const [alice, bob] = await Promise.all([client.register('alice'), client.register('bob')]);
  const me = () => client.ask('GET', '/v1/me', { token: alice.token });
  // Connections that are open already, so that what is sent next arrives at once.
  await Promise.all(Array.from({ length: 12 }, me));

  const locker = startProgram(t, 'lock-for-writing', [`${data}/pay.db`]);
  t.is(await locker.line(), 'locked');
  const paying = Promise.all(Array.from({ length: 8 }, () => client.pay(alice, bob, '1.00')));
  t.is((await me()).status, 200);
  t.is((await me()).status, 200);
  server.process.kill('SIGTERM');
  await t.throwsAsync(async () => {
    for (;;) {
      await me();
    }
  });
  locker.process.stdin?.end();
  t.deepEqual(
    (await paying).map(({ status }) => status),
    Array(8).fill(201),
  );
  t.is(await server.ended, 0);
  t.is(transfersOf(await readBooks(data)).length, 8);
});

test('a server that is asked to stop while another program keeps the database locked ends all the same', async (t) => {
  const data = await makeDataFolder(t);
  const server = await startServer(t, data);
  const client = await makeClient(t, server);
  const [alice, bob] = await Promise.all([client.register('alice'), client.register('bob')]);
  const locker = startProgram(t, 'lock-for-writing', [`${data}/pay.db`]);
  t.is(await locker.line(), 'locked');
  const paying = client.pay(alice, bob, '1.00', 'key');
  t.is((await client.ask('GET', '/v1/me', { token: alice.token })).status, 200);
  t.is((await client.ask('GET', '/v1/me', { token: alice.token })).status, 200);
  const startedAtMs = performance.now();
  t.is(await server.stop(), 0);
  t.true(performance.now() - startedAtMs < deadlineMs);
  t.is((await paying).code, 'STORAGE_UNAVAILABLE');
});

test('a second signal to end ends the server at once, whatever is under way', async (t) => {
  const data = await makeDataFolder(t);
  const server = await startServer(t, data);
  const client = await makeClient(t, server);
  const [alice, bob] = await Promise.all([client.register('alice'), client.register('bob')]);
  const locker = startProgram(t, 'lock-for-writing', [`${data}/pay.db`]);
  t.is(await locker.line(), 'locked');
  const paying = client.pay(alice, bob, '1.00').catch(() => 'gone');
  t.is((await client.ask('GET', '/v1/me', { token: alice.token })).status, 200);
  server.process.kill('SIGTERM');
  await new Promise((resolve) => setTimeout(resolve, 300));
  t.is(server.process.exitCode, null);
  const startedAtMs = performance.now();
  server.process.kill('SIGTERM');
  t.is(await server.ended, 'SIGKILL');
  t.true(performance.now() - startedAtMs < 4_000);
  t.is(await paying, 'gone');
});
