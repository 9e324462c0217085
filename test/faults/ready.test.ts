import { rm } from 'node:fs/promises';
import test from 'ava';
import { startProgram } from '../db/support/processes.js';
import { makeDataFolder } from '../support/first-start.js';
import { needsMount, testWith } from '../support/needs.js';
import { until } from '../support/until.js';
import { type Client, makeClient } from './support/client.js';
import { startServer } from './support/server.js';
import { fillDisk, makeSmallDisk } from './support/small-disk.js';

const readiness = async (client: Client) => {
  const { status, text, elapsedMs } = await client.ask('GET', '/readyz');
  const { code, detail } = JSON.parse(text);
  return { status, code, detail: String(detail), elapsedMs };
};

const whenReady = (client: Client) =>
  until('a server that is ready again', async () => (await readiness(client)).status === 200);

test('while another program holds the database the server is not ready, says why, and heals by itself', async (t) => {
  const data = await makeDataFolder(t);
  const server = await startServer(t, data);
  const client = await makeClient(t, server);
  t.is((await readiness(client)).status, 200);
  const locker = startProgram(t, 'lock-for-writing', [`${data}/pay.db`]);
  t.is(await locker.line(), 'locked');
  const asked = await Promise.all([1, 2, 3].map(() => readiness(client)));
  for (const { status, code, detail, elapsedMs } of asked) {
    t.deepEqual([status, code], [503, 'STORAGE_UNAVAILABLE']);
    t.regex(detail, /cannot be written now: another program holds it/);
    t.true(elapsedMs < 5_000, `${elapsedMs} ms`);
  }
  t.is((await client.ask('GET', '/healthz')).status, 200);
  locker.process.stdin?.end();
  await whenReady(client);
  t.is(await server.stop(), 0);
});

testWith(needsMount)(
  'without room on the disk the server is not ready, and with room again it is',
  async (t) => {
    const data = await makeSmallDisk(t);
    const server = await startServer(t, data);
    const client = await makeClient(t, server);
    t.is((await readiness(client)).status, 200);
    const ballast = await fillDisk(data);
    const { status, code, detail } = await readiness(client);
    t.deepEqual([status, code], [503, 'STORAGE_UNAVAILABLE']);
    t.regex(detail, /no room left on the disk/);
    await rm(ballast);
    await whenReady(client);
    t.is(await server.stop(), 0);
  },
);
