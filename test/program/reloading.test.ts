import { mkdir, readdir, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import pino from 'pino';
import { readRunning, writeRunning } from '../../server/compose/running-server.js';
import { beginReloading } from '../../server/program/reloading.js';
import { makeDataFolder } from '../support/first-start.js';
import { runPayServer } from './support/run-pay-server.js';

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

test('where what a server before has left cannot be removed, the start says so and ends, with the books in order', async (t) => {
  const folder = await makeDataFolder(t);
  const running = join(folder, 'pay.db.running');
  await mkdir(running);
  const start = await runPayServer(t, ['start', '--data', folder, '--port', '0', '--time-port', '0']);
  t.is(start.status, 1);
  t.is(start.stdout, '');
  t.regex(start.stderr, new RegExp(`^pay-server: .*${running}.*Remove it, then start the server\\.$`, 'm'));
  t.notRegex(start.stderr, / at .*:\d+:\d+/);
  await rmdir(running);
  // Which it would refuse beside a server, and which reads no log.
  t.is((await runPayServer(t, ['check', '--data', folder])).status, 0);
  t.false((await readdir(folder)).includes('pay.db-wal'));
});
