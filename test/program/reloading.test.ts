import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import pino from 'pino';
import { readRunning, writeRunning } from '../../server/compose/running-server.js';
import { beginReloading } from '../../server/program/reloading.js';
import { makeDataFolder } from '../support/first-start.js';

const about = { version: '1.0.0', url: 'https://127.0.0.1:1', time: '127.0.0.1:2', settings: {} };
const reloadRates = async () => 'none';

test('a server that can leave nothing for commands beside it says so and goes on, and what a dead one left is gone', async (t) => {
  const path = join(await makeDataFolder(t), 'pay.db');
  await writeRunning(path, { pid: 1, about, reloads: 0, last: null });
  const said: string[] = [];
  const logger = pino({}, { write: (line) => said.push(line) });
  // Where the draft of the file would be.
  await mkdir(`${path}.running.new`);
  const reloading = await beginReloading({ reloadRates }, { path, about, logger });
  t.is(await readRunning(path), undefined);
  t.is(said.length, 1);
  t.regex(said[0] ?? '', /cannot find it/);
  await reloading.end();
});
