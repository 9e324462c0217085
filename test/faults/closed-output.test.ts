import { open } from 'node:fs/promises';
import test, { type ExecutionContext } from 'ava';
import { makeDataFolder } from '../support/first-start.js';
import { needsFullDevice, testWith } from '../support/needs.js';
import type { PayServerProcess } from '../support/server-process.js';
import { makeClient } from './support/client.js';
import { startServer } from './support/server.js';

async function assertServesAndEnds(t: ExecutionContext, server: PayServerProcess): Promise<void> {
  const client = await makeClient(t, server);
  const alice = await client.register('alice');
  const bob = await client.register('bob');
  for (let count = 0; count < 20; count += 1) {
    t.is((await client.pay(alice, bob, '1.00')).status, 201);
  }
  t.is(await server.stop(), 0);
}

test('a server that nobody listens to any more goes on', async (t) => {
  const server = await startServer(t, await makeDataFolder(t));
  server.process.stdout?.destroy();
  server.process.stderr?.destroy();
  await assertServesAndEnds(t, server);
});

testWith(needsFullDevice)('a server whose log is on a full disk goes on', async (t) => {
  const full = await open('/dev/full', 'w');
  t.teardown(() => full.close());
  await assertServesAndEnds(t, await startServer(t, await makeDataFolder(t), { log: full.fd }));
});

test('a server whose log nobody reads goes on', async (t) => {
  const server = await startServer(t, await makeDataFolder(t));
  server.process.stderr?.pause();
  const client = await makeClient(t, server);
  // More lines than the system keeps for a reader who does not come.
  for (let round = 0; round < 12; round += 1) {
    const asked = Array.from({ length: 64 }, () => client.ask('GET', '/healthz'));
    t.true((await Promise.all(asked)).every(({ status }) => status === 200));
  }
  server.process.stderr?.resume();
  await assertServesAndEnds(t, server);
});
