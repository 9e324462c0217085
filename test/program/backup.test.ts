import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { getPriority } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { execa } from 'execa';
import { openWriter } from '../../db/connect.js';
import { checkDatabaseFile } from '../../server/features/books/check-database.js';
import { seedPayments } from '../bench/seed-payments.js';
import { payServer, startChild } from '../db/support/processes.js';
import { makeClient } from '../faults/support/client.js';
import { startLoad } from '../faults/support/load.js';
import { makeFolder, startServer } from '../faults/support/server.js';
import { fillDisk, makeSmallDisk } from '../faults/support/small-disk.js';
import { auditBooks } from '../ledger/support/audit.js';
import { needsMount, testWith } from '../support/needs.js';
import { until } from '../support/until.js';
import { runPayServer, runPayServerInside } from './support/run-pay-server.js';
import { readTables } from './support/tables.js';

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const exists = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );

/** A data folder with some books, on which no server runs. */
async function seededFolder(t: ExecutionContext, payments: number): Promise<string> {
  const data = join(await makeFolder(t), 'data');
  await seedPayments(join(data, 'pay.db'), payments, 20);
  return data;
}

const fingerprintOf = (log: string) => /SHA256:\S+/.exec(log)?.[0];

test('a backup that is made under load is restored as the same server with whole books, and goes on', async (t) => {
  const folder = await makeFolder(t);
  const [data, file, restored] = ['data', 'pay.backup', 'restored'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  const server = await startServer(t, data);
  const client = await makeClient(t, server);
  const users = await Promise.all(['alice', 'bob', 'carol'].map((name) => client.register(name)));
  const [alice, bob] = users as [(typeof users)[0], (typeof users)[0]];
  await Promise.all([1, 2, 3].map(() => client.pay(alice, bob, '1.00')));
  const first = await client.ask('GET', '/v1/payments?limit=1', { token: bob.token });
  const { nextCursor } = JSON.parse(first.text);

  const load = startLoad(client, users, 6);
  await load.answered(50);
  const backup = await runPayServer(t, ['backup', file, '--data', data]);
  t.is(backup.status, 0, backup.stderr);
  t.regex(backup.stdout, /pay\.backup holds the books, checked \(payments: \d+\), and the server's keys\./);
  const after = load.attempts.length;
  await load.answered(after + 20);
  await load.finish();
  t.is((await stat(file)).mode & 0o777, 0o600);
  t.deepEqual(await readdir(folder), ['data', 'pay.backup']);
  t.is(await server.stop(), 0);
  const live = await readTables(data);

  const restore = await runPayServer(t, ['restore', file, '--data', restored]);
  t.is(restore.status, 0, restore.stderr);
  const kept = ['pay.db', 'pay.db.lock', 'second-factor.keys', 'tls.crt', 'tls.key'];
  t.deepEqual((await readdir(restored)).sort(), kept);
  const keysIn = (one: string) => readFile(join(one, 'second-factor.keys'), 'utf8');
  t.is(await keysIn(restored), await keysIn(data));
  t.true((await checkDatabaseFile(join(restored, 'pay.db'))).balanced);
  const tables = await readTables(restored);
  t.deepEqual(auditBooks(tables), []);
  const { length } = tables.payments;
  t.true(length >= 53 && length < live.payments.length, `${length} of ${live.payments.length} payments`);
  t.deepEqual(tables.payments, live.payments.slice(0, length));

  const again = await startServer(t, restored);
  t.is(fingerprintOf(again.stderr()), fingerprintOf(server.stderr()));
  const same = await makeClient(t, again);
  const page = await same.ask('GET', `/v1/payments?cursor=${nextCursor}`, { token: bob.token });
  t.is(page.status, 200, page.text);
  t.is((await same.pay(alice, bob, '1.00')).status, 201);
  t.is(await again.stop(), 0);
  t.deepEqual(auditBooks(await readTables(restored)), []);
});

test('a copy is checked behind all else that the machine has to do', async (t) => {
  const data = await seededFolder(t, 10);
  const own = getPriority();
  const file = join(await makeFolder(t), 'pay.backup');
  // What is run after it, nice, says how far back it was put.
  const backup = await runPayServer(t, ['backup', file, '--data', data, '--then', 'nice']);
  t.is(backup.status, 0, backup.stderr);
  t.is(/^\d+$/m.exec(backup.stdout)?.[0], String(Math.min(19, own + 19)), backup.stdout);
});

test('a backup is put back before it is loaded, which takes from a server, too; no other command is', async (t) => {
  const tell = join(await makeFolder(t), 'tell.cjs');
  await writeFile(tell, "process.on('exit', () => console.log(require('node:os').getPriority()));");
  const priorityOf = async (command: string) => {
    const { stdout } = await execa(process.execPath, ['--require', tell, payServer, command, '--help']);
    return Number(stdout.split('\n').at(-1));
  };
  t.is(await priorityOf('backup'), Math.min(19, getPriority() + 5));
  t.is(await priorityOf('start'), getPriority());
});

test('a file that is there already is not written over', async (t) => {
  const data = await seededFolder(t, 5);
  const file = join(data, '..', 'precious');
  await writeFile(file, 'precious');
  const { status, stderr } = await runPayServerInside(['backup', file, '--data', data]);
  t.is(status, 1);
  t.regex(stderr, /precious is there already\. Choose another name/);
  t.is(await readFile(file, 'utf8'), 'precious');
  t.deepEqual((await readdir(join(data, '..'))).sort(), ['data', 'precious']);
});

test('where there is no database that is said, and nothing is written beside', async (t) => {
  const folder = await makeFolder(t);
  for (const data of [folder, join(folder, 'nowhere')]) {
    const { status, stderr } = await runPayServerInside(['backup', join(folder, 'file'), '--data', data]);
    t.is(status, 1);
    t.regex(stderr, /^pay-server: There is no database at .*pay\.db \(ENOENT\)[^\n]*\n$/);
  }
  t.deepEqual(await readdir(folder), []);
});

test('books that are wrong are not taken for a backup', async (t) => {
  const data = await seededFolder(t, 5);
  const writer = openWriter(join(data, 'pay.db'));
  await writer.raw("update accounts set balance = balance + 1 where kind = 'customer'");
  await writer.destroy();
  const { status, stderr } = await runPayServerInside(['backup', join(data, '..', 'backup'), '--data', data]);
  t.is(status, 1);
  t.regex(
    stderr,
    /^pay-server: The books are wrong: .* and \d+ more\. Nothing was kept\. See all with pay-server check/,
  );
  t.deepEqual(await readdir(join(data, '..')), ['data']);
});

testWith(needsMount)(
  'without room for the backup nothing is left of it, and with room the next one is made',
  async (t) => {
    const disk = await makeSmallDisk(t);
    const data = await seededFolder(t, 50);
    const file = join(disk, 'backup');
    const ballast = await fillDisk(disk);
    const { status, stderr } = await runPayServerInside(['backup', file, '--data', data]);
    t.is(status, 1);
    t.regex(stderr, /^pay-server: There is no room on the disk for .*backup/);
    t.deepEqual(await readdir(disk), ['ballast']);
    await rm(ballast);
    t.is((await runPayServerInside(['backup', file, '--data', data])).status, 0);
    t.deepEqual(await readdir(disk), ['backup']);
  },
);

/** Runs a command and kills it at some moment after its draft is there; gives whether it was done before. */
async function runAndKill(t: ExecutionContext, args: readonly string[], draft: string): Promise<boolean> {
  const child = startChild(t, process.execPath, [payServer, ...args]);
  await until(
    'a draft, or the end of the command',
    async () => child.process.exitCode !== null || exists(draft),
  );
  await pause(Math.random() * 250);
  child.process.kill('SIGKILL');
  return (await child.ended) === 0;
}

/** Gives whether it is there; a kill may come between the last act and the end of the process. */
async function assertNoneOrWhole(t: ExecutionContext, file: string, isDone: boolean): Promise<boolean> {
  const isThere = await exists(file);
  t.true(isThere || !isDone);
  if (isThere) {
    t.true((await checkDatabaseFile(file)).balanced);
  }
  return isThere;
}

test('a backup and a restore that are killed leave nothing under the final name, and the next try works', async (t) => {
  const data = await seededFolder(t, 2_000);
  const folder = join(data, '..');
  const file = join(folder, 'backup');
  const left = new Set<string>();
  for (let round = 0; round < 4; round += 1) {
    await rm(file, { force: true });
    const isDone = await runAndKill(t, ['backup', file, '--data', data], `${file}.partial`);
    left.add(`backup: ${(await readdir(folder)).sort().join(' ')}`);
    await assertNoneOrWhole(t, file, isDone);
  }
  await rm(file, { force: true });
  t.is((await runPayServerInside(['backup', file, '--data', data])).status, 0);
  t.deepEqual((await readdir(folder)).sort(), ['backup', 'data']);

  for (let round = 0; round < 4; round += 1) {
    const restored = join(folder, `restored-${round}`);
    const args = ['restore', file, '--data', restored];
    const isDone = await runAndKill(t, args, join(restored, 'pay.db.new'));
    left.add(`restore: ${(await readdir(restored).catch(() => [])).sort().join(' ')}`);
    if (!(await assertNoneOrWhole(t, join(restored, 'pay.db'), isDone))) {
      const next = await runPayServerInside(args);
      t.is(next.status, 0, next.stderr);
    }
    t.true((await checkDatabaseFile(join(restored, 'pay.db'))).balanced);
  }
  t.log([...left].join('\n'));
});

test('Ctrl-C ends a backup with nothing left of it', async (t) => {
  const data = await seededFolder(t, 3_000);
  const file = join(data, '..', 'backup');
  const child = startChild(t, process.execPath, [payServer, 'backup', file, '--data', data]);
  await until('a draft of the backup', () => exists(`${file}.partial`));
  child.process.kill('SIGINT');
  t.is(await child.ended, 130);
  t.is(child.stderr(), 'pay-server: Interrupted. Nothing was kept.\n');
  t.deepEqual(await readdir(join(data, '..')), ['data']);
});
