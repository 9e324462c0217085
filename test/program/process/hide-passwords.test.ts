import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { payServer, startChild } from '../../db/support/processes.js';
import { testWith } from '../../support/needs.js';
import { until } from '../../support/until.js';

const test = testWith({ what: '/proc', isThere: () => existsSync('/proc/self/cmdline') });

test('a password in a URL on the command line is not there for whoever lists the processes', async (t) => {
  // A database that says nothing, so that the command is there to be looked at.
  const silent = createServer(() => {}).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  t.teardown(() => silent.close());
  const { port } = silent.address() as AddressInfo;
  const place = `127.0.0.1:${port}/pay`;
  for (const url of [`postgres://pay:sesame@${place}`, `postgres://${place}?user=pay&password=sesame`]) {
    const { process: child } = startChild(t, process.execPath, [payServer, 'check', '--database-url', url]);
    const shown = await until('the process without its password', async () => {
      const found = await readFile(`/proc/${child.pid}/cmdline`, 'utf8');
      return !found.includes('sesame') && found;
    });
    t.true(shown.includes('check --database-url postgres://'), shown);
    t.true(shown.includes(place), shown);
  }
});
