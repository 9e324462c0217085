import test from 'ava';
import { makeClient } from './support/client.js';
import { makeFolder, startServer, stop } from './support/server.js';

test('a server that nobody listens to any more goes on', async (t) => {
  const server = await startServer(t, await makeFolder(t));
  server.process.stdout?.destroy();
  server.process.stderr?.destroy();
  const client = await makeClient(t, server);
  const alice = await client.register('alice');
  const bob = await client.register('bob');
  for (let count = 0; count < 20; count += 1) {
    t.is((await client.pay(alice, bob, '1.00')).status, 201);
  }
  t.is(await stop(server), 0);
});
