import test, { type ExecutionContext } from 'ava';
import { type Child, startProgram } from '../db/support/processes.js';
import { makeDataFolder } from '../support/first-start.js';
import { assertWhole, readBooks, transfersOf } from './support/books.js';
import { balanceOf, makeClient } from './support/client.js';
import { startServer } from './support/server.js';

async function lock(t: ExecutionContext, data: string): Promise<Child> {
  const locker = startProgram(t, 'lock-for-writing', [`${data}/pay.db`]);
  t.is(await locker.line(), 'locked');
  return locker;
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test('a payment waits for another program that writes, for 5 s and not for ever', async (t) => {
  const data = await makeDataFolder(t);
  const server = await startServer(t, data);
  const client = await makeClient(t, server);
  const [alice, bob] = await Promise.all([client.register('alice'), client.register('bob')]);

  const short = await lock(t, data);
  const waiting = client.pay(alice, bob, '1.00', 'short');
  await pause(1_500);
  t.is(await balanceOf(client, alice), 100_000);
  short.process.stdin?.end();
  const paid = await waiting;
  t.is(paid.status, 201, paid.text);
  t.true(paid.elapsedMs >= 1_400, `${paid.elapsedMs} ms`);

  const long = await lock(t, data);
  const refused = await client.pay(alice, bob, '2.00', 'long');
  t.is(refused.status, 503);
  t.is(refused.code, 'STORAGE_UNAVAILABLE');
  t.true(refused.elapsedMs >= 4_900 && refused.elapsedMs < 20_000, `${refused.elapsedMs} ms`);
  t.is(await balanceOf(client, alice), 99_900);
  long.process.kill('SIGKILL');
  await long.ended;
  t.is((await client.pay(alice, bob, '2.00', 'long')).status, 201);

  t.is(await server.stop(), 0);
  const books = await readBooks(data);
  assertWhole(t, books);
  t.is(transfersOf(books).length, 2);
});

test('a start that finds the database locked for longer than it waits says so, and works once it is free', async (t) => {
  const data = await makeDataFolder(t);
  t.is(await (await startServer(t, data)).stop(), 0);
  const locker = await lock(t, data);
  const error = await t.throwsAsync(startServer(t, data));
  t.regex(
    error?.message ?? '',
    /did not get ready \(1\): pay-server: .* cannot be used now .* holds the file, then start again\.\n$/,
  );
  locker.process.stdin?.end();
  t.is(await locker.ended, 0);
  t.is(await (await startServer(t, data)).stop(), 0);
});
