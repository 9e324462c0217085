import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { ExecutionContext } from 'ava';
import { openMaker } from '../../db/connect.js';
import { openChannel } from '../../db/postgres/writers/channel.js';
import { testWith } from '../support/needs.js';
import { needsPostgres } from '../support/on-postgres.js';
import { makePostgresDatabase } from '../support/postgres.js';
import { inTime } from '../support/until.js';

const test = testWith(needsPostgres);

/** The URL of the same database by way of a relay, which cuts the first connections at the moment at which they want to listen. */
async function cutWhenListening(t: ExecutionContext, url: string, cuts: number): Promise<string> {
  const { hostname, port } = new URL(url);
  let left = cuts;
  const relay = createServer((near) => {
    const far = connect(Number(port), hostname);
    const cut = () => {
      near.destroy();
      far.destroy();
    };
    near.on('error', cut).on('close', cut);
    far.on('error', cut).on('close', cut);
    far.pipe(near);
    near.on('data', (bytes) => {
      if (left > 0 && bytes.includes('listen pay_test')) {
        left -= 1;
        cut();
      } else {
        far.write(bytes);
      }
    });
  });
  relay.listen(0, '127.0.0.1');
  t.teardown(() => relay.close());
  await once(relay, 'listening');
  const relayed = new URL(url);
  relayed.hostname = '127.0.0.1';
  relayed.port = String((relay.address() as AddressInfo).port);
  return relayed.href;
}

test('however often its connection is cut as it begins to listen, a channel hears what is told once', async (t) => {
  const url = await makePostgresDatabase();
  const told: string[] = [];
  let onListening: () => void = () => {};
  const listening = new Promise<void>((resolve) => {
    onListening = resolve;
  });
  const channel = openChannel(await cutWhenListening(t, url, 3), 'pay_test', {
    onTold: (text) => void told.push(text),
    onListening: () => onListening(),
  });
  t.teardown(() => channel.stop());
  await inTime('a channel that listens', listening);
  // Whoever had begun to listen twice would do so by now.
  await pause(1_500);
  const other = openMaker(url);
  t.teardown(() => other.destroy());
  await other.raw("select pg_notify('pay_test', 'one')");
  await pause(500);
  t.deepEqual(told, ['one']);
});
