import { copyFile, mkdir, readdir, rm, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { openReaders } from '../../../db/connect.js';
import { lockDatabase } from '../../../db/open/lock-database.js';
import { readMigrationStatus } from '../../../db/open/migration-status.js';
import { holdDatabase } from '../../../db/open/open-database.js';
import { schemaProblems } from '../../../db/open/schema.js';
import { withSnapshot } from '../../../db/open/snapshot.js';
import { fillDisk, makeSmallDisk } from '../../faults/support/small-disk.js';
import { runPayServer, runPayServerInside } from '../../program/support/run-pay-server.js';
import { needsMount, testWith } from '../../support/needs.js';
import { makeFolder } from '../support/database.js';
import { makeOldDatabase } from '../support/old-database.js';
import { payServer, startChild, startProgram } from '../support/processes.js';

const oldMigrations = 8;

async function oldFolder(t: ExecutionContext, users: number): Promise<{ data: string; file: string }> {
  const data = join(await makeFolder(t), 'data');
  await mkdir(data, { mode: 0o700 });
  const file = join(data, 'pay.db');
  await makeOldDatabase(file, oldMigrations, users);
  return { data, file };
}

const keptIn = async (data: string) =>
  (await readdir(data)).filter((name) => /^pay\.db\.before-[0-9a-z-]+-\d{8}T\d{6}Z$/.test(name));

const problemsOf = (file: string) => withSnapshot(file, schemaProblems);

async function usersIn(file: string): Promise<number> {
  const readers = openReaders(file, 1);
  try {
    const [row] = await readers('users').count({ users: '*' });
    return Number(row?.users);
  } finally {
    await readers.destroy();
  }
}

test('the status lists what is applied and what is pending, and changes nothing', async (t) => {
  const { data } = await oldFolder(t, 3);
  const { status, stdout } = await runPayServer(t, ['migrate', '--status', '--data', data]);
  t.is(status, 0);
  const lines = stdout.trimEnd().split('\n');
  t.is(lines.filter((line) => line.startsWith('applied  ')).length, oldMigrations);
  t.true(lines.includes('applied  001-users') && lines.includes('pending  009-limits'));
  t.deepEqual(await readdir(data), ['pay.db']);
});

test('migrate brings the database up to date and keeps it as it was, once', async (t) => {
  const { data, file } = await oldFolder(t, 3);
  const { status, stdout, stderr } = await runPayServerInside(['migrate', '--data', data]);
  t.is(status, 0, stderr);
  const [kept = '', ...more] = await keptIn(data);
  t.deepEqual(more, []);
  t.regex(stdout, /was brought up to date \(009-limits, 010-audit.*\)\. As it was it is kept in /);
  t.true(stdout.includes(join(data, kept)));
  t.is((await stat(join(data, kept))).mode & 0o777, 0o600);
  t.is((await readMigrationStatus(join(data, kept))).applied.length, oldMigrations);
  t.deepEqual([await usersIn(join(data, kept)), await usersIn(file)], [3, 3]);
  t.deepEqual(await problemsOf(file), []);
  const again = await runPayServerInside(['migrate', '--data', data]);
  t.regex(again.stdout, /pay\.db is up to date\.\n$/);
  t.is((await keptIn(data)).length, 1);
});

test('a start migrates by itself and says in its log where the copy is', async (t) => {
  const { data, file } = await oldFolder(t, 3);
  const args = [payServer, 'start', '--data', data, '--port', '0', '--time-port', '0'];
  const server = startChild(t, process.execPath, args);
  t.regex(await server.line(), /^pay-server ready /);
  const [kept = ''] = await keptIn(data);
  t.true(server.stderr().includes(`"kept":"${join(data, kept)}"`), server.stderr());
  const beside = await runPayServerInside(['migrate', '--data', data]);
  t.is(beside.status, 0, beside.stderr);
  t.regex(beside.stdout, /pay\.db is up to date\.\n$/);
  server.process.kill('SIGTERM');
  t.is(await server.ended, 0);
  t.deepEqual(await problemsOf(file), []);
});

test('what is to be migrated is not while another has the database', async (t) => {
  const { data, file } = await oldFolder(t, 3);
  const lock = await lockDatabase(file);
  const refused = await runPayServerInside(['migrate', '--data', data]);
  await lock.release();
  t.is(refused.status, 1);
  t.regex(refused.stderr, /Another pay-server is running on .* Stop it first/);
  t.is((await readMigrationStatus(file)).applied.length, oldMigrations);
});

test('a database that is not there is not made', async (t) => {
  const folder = await makeFolder(t);
  const { status, stderr } = await runPayServerInside(['migrate', '--data', folder]);
  t.is(status, 1);
  t.regex(stderr, /There is no database at .*pay\.db/);
  t.deepEqual(await readdir(folder), []);
});

testWith(needsMount)(
  'without room for the copy, or for the migration after it, the old database stays and serves the next try',
  async (t) => {
    const disk = await makeSmallDisk(t);
    const data = join(disk, 'data');
    await mkdir(data, { mode: 0o700 });
    const file = join(data, 'pay.db');
    await makeOldDatabase(file, oldMigrations, 300);
    const { size } = await stat(file);
    for (const room of [4_096, size / 2, size + 8_192]) {
      const ballast = await fillDisk(disk);
      await truncate(ballast, (await stat(ballast)).size - Math.ceil(room / 4_096) * 4_096);
      const { status, stdout, stderr } = await runPayServerInside(['migrate', '--data', data]);
      t.is(status, 1, `${stdout}${stderr}`);
      t.regex(stderr, /^pay-server: There is no room on the disk for .*Make room, then/);
      await rm(ballast);
      t.is((await readMigrationStatus(file)).applied.length, oldMigrations);
      t.is(await usersIn(file), 300);
      t.false((await readdir(data)).some((name) => name.endsWith('.partial')));
      for (const kept of await keptIn(data)) {
        t.is((await readMigrationStatus(join(data, kept))).applied.length, oldMigrations);
        await rm(join(data, kept));
      }
    }
    t.is((await runPayServerInside(['migrate', '--data', data])).status, 0);
    t.deepEqual(await problemsOf(file), []);
  },
);

test('a migration that is killed at any moment leaves the old or the new, never between', async (t) => {
  const { data: old } = await oldFolder(t, 60_000);
  const left = new Set<string>();
  for (let round = 0; round < 10; round += 1) {
    const data = join(old, '..', `round-${round}`);
    const file = join(data, 'pay.db');
    await mkdir(data, { mode: 0o700 });
    await copyFile(join(old, 'pay.db'), file);
    const child = startProgram(t, 'hold-database', [file]);
    t.is(await child.line(), 'begins');
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 700));
    child.process.kill('SIGKILL');
    await child.ended;

    const log = (await readdir(data)).includes('pay.db-wal');
    const { applied, pending } = await readMigrationStatus(file);
    t.true(applied.length === oldMigrations || pending.length === 0, `${applied.length} are applied`);
    t.is(await usersIn(file), 60_000);
    for (const kept of await keptIn(data)) {
      t.is((await readMigrationStatus(join(data, kept))).applied.length, oldMigrations);
    }
    left.add(`${pending.length === 0 ? 'new' : 'old'}${log ? ' with a log' : ''}`);
    const held = await holdDatabase(file);
    await held.release();
    t.deepEqual(await problemsOf(file), []);
    await rm(data, { recursive: true });
  }
  t.log(`what the kills left: ${[...left].sort().join(', ')}`);
});
