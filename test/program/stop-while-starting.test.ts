import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import test from 'ava';
import { makeDataFolder } from '../support/first-start.js';

const program = join(import.meta.dirname, '../../../bin/pay-server');

test('a start that waits says, when it is asked to stop, that it stops later and how to end it at once', async (t) => {
  // It takes connections, and says nothing.
  const silent = createServer().listen(0, '127.0.0.1');
  await once(silent, 'listening');
  t.teardown(() => silent.close());
  const { port } = silent.address() as AddressInfo;
  const folder = await makeDataFolder(t);
  const words = ['start', '--data', folder, '--database-url', `postgres://pay@127.0.0.1:${port}/pay`];
  const child = spawn(process.execPath, [program, ...words], {
    env: { PATH: process.env.PATH },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  t.teardown(() => child.kill('SIGKILL'));
  const [connection] = await once(silent, 'connection');
  t.teardown(() => connection.destroy());
  child.kill('SIGTERM');
  let said = '';
  for await (const text of child.stderr) {
    said += text;
    if (said.includes('it stops once it has started')) {
      break;
    }
  }
  t.regex(said, /another SIGTERM, ends it at once/);
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  t.deepEqual(await ended, [null, 'SIGKILL']);
});
