import test from 'ava';
import { makeDataFolder } from '../support/first-start.js';
import { makeClient } from './support/client.js';
import { startServer } from './support/server.js';

test('a second server on the same data folder refuses to start and disturbs nothing', async (t) => {
  const data = await makeDataFolder(t);
  const first = await startServer(t, data);
  const client = await makeClient(t, first);
  const alice = await client.register('alice');
  const bob = await client.register('bob');
  const error = await t.throwsAsync(startServer(t, data));
  t.regex(
    error?.message ?? '',
    /did not get ready \(1\): pay-server: Another pay-server is running on .* --data\.\n$/,
  );
  t.is((await client.pay(alice, bob, '1.00')).status, 201);

  await first.kill();
  const second = await startServer(t, data);
  const next = await makeClient(t, second);
  t.is((await next.pay(alice, bob, '1.00')).status, 201);
  t.is(await second.stop(), 0);
});
