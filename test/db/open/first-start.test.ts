import { chmod, mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { openReaders } from '../../../db/connect.js';
import { pendingMigrations } from '../../../db/migrations/migrations.js';
import { holdDatabase } from '../../../db/open/open-database.js';
import { makeDatabaseFile, makeFolder } from '../support/database.js';
import { type Child, payServer, startChild, startProgram } from '../support/processes.js';

const exists = (file: string) =>
  stat(file).then(
    () => true,
    () => false,
  );

const modeOf = async (file: string) => ((await stat(file)).mode & 0o777).toString(8);

async function migrationsOf(file: string): Promise<string[]> {
  const readers = openReaders(file, 1);
  try {
    return await readers('migrations').pluck<string[]>('name');
  } finally {
    await readers.destroy();
  }
}

/** Kills a first start so long after it began, and gives what it left in the folder. */
async function killedFirstStart(t: ExecutionContext, file: string, afterMs: number): Promise<string[]> {
  const child = startProgram(t, 'hold-database', [file]);
  t.is(await child.line(), 'begins');
  await new Promise((resolve) => setTimeout(resolve, afterMs));
  child.process.kill('SIGKILL');
  t.is(await child.ended, 'SIGKILL');
  return readdir(join(file, '..')).catch(() => []);
}

test('a first start that is killed at any moment leaves a whole database or none, and the next comes up', async (t) => {
  const rounds = 14;
  const left = new Set<string>();
  for (let round = 0; round < rounds; round += 1) {
    const file = join(await makeFolder(t), 'data', 'pay.db');
    const names = await killedFirstStart(t, file, Math.random() * 80);
    if (names.includes('pay.db')) {
      t.deepEqual(pendingMigrations(await migrationsOf(file)), []);
    }
    left.add(names.includes('pay.db') ? 'whole' : names.includes('pay.db.new') ? 'draft' : 'nothing');
    const held = await holdDatabase(file);
    t.deepEqual(pendingMigrations(await migrationsOf(file)), []);
    t.false(await exists(`${file}.new`));
    await held.release();
  }
  t.log(`what the ${rounds} kills left: ${[...left].sort().join(', ')}`);
});

test('a draft that a killed first start left is made anew, not taken', async (t) => {
  const file = join(await makeFolder(t), 'pay.db');
  for (const suffix of ['', '-wal', '-shm', '-journal']) {
    await writeFile(`${file}.new${suffix}`, 'half a database');
  }
  const held = await holdDatabase(file);
  t.deepEqual(pendingMigrations(await migrationsOf(file)), []);
  await held.release();
  const names = await readdir(join(file, '..'));
  t.deepEqual(
    names.filter((name) => name.includes('.new')),
    [],
  );
});

/** A server whose user would let everybody read and write all that they make. */
function startCarelessServer(t: ExecutionContext, folder: string): Child {
  const command = `umask 000; exec "$0" "$@"`;
  const args = [process.execPath, payServer, 'start', '--data', folder, '--port', '0', '--time-port', '0'];
  return startChild(t, 'sh', ['-c', command, ...args]);
}

test('the data folder and its files are for their owner only', async (t) => {
  const folder = join(await makeFolder(t), 'deep', 'data');
  const server = startCarelessServer(t, folder);
  t.regex(await server.line(), /^pay-server ready /);
  t.is(await modeOf(folder), '700');
  const names = [
    'pay.db',
    'pay.db-shm',
    'pay.db-wal',
    'pay.db.lock',
    'pay.db.lock-journal',
    'pay.db.running',
    'second-factor.keys',
    'tls.crt',
    'tls.key',
  ];
  t.deepEqual((await readdir(folder)).sort(), names);
  for (const name of names) {
    t.is(await modeOf(join(folder, name)), '600', name);
  }
  server.process.kill('SIGTERM');
  t.is(await server.ended, 0);
  t.deepEqual((await readdir(folder)).sort(), [
    'pay.db',
    'pay.db.lock',
    'second-factor.keys',
    'tls.crt',
    'tls.key',
  ]);
});

test('a data folder and files that others can read are closed to them by the next start', async (t) => {
  const file = await makeDatabaseFile(t);
  const folder = join(file, '..');
  await chmod(folder, 0o755);
  await chmod(file, 0o644);
  await writeFile(`${file}.lock`, '', { mode: 0o666 });
  const held = await holdDatabase(file);
  t.deepEqual(await Promise.all([folder, file, `${file}.lock`].map(modeOf)), ['700', '600', '600']);
  await held.release();
});

/** Whoever runs the tests may have variables that a start warns of. */
const withoutSettings = {
  env: Object.fromEntries(
    Object.keys(process.env).flatMap((name) => (name.startsWith('PAY_') ? [[name, undefined]] : [])),
  ),
};

async function assertServerRefuses(t: ExecutionContext, server: Child, message: RegExp): Promise<void> {
  t.is(await server.ended, 1);
  t.regex(server.stderr(), message);
  t.is(server.stderr().trim().split('\n').length, 1, server.stderr());
}

const startArgs = (folder: string) => [
  payServer,
  'start',
  '--data',
  folder,
  '--port',
  '0',
  '--time-port',
  '0',
];

test('a server that cannot use its database says so in one line and ends with status 1', async (t) => {
  const folder = await makeFolder(t);
  await writeFile(join(folder, 'pay.db'), 'precious');
  const server = startChild(t, process.execPath, startArgs(folder), withoutSettings);
  await assertServerRefuses(t, server, /^pay-server: .*pay\.db is not a database of pay: /);
});

test('a file in the place of the data folder is told as that, not by what would be in it', async (t) => {
  const file = join(await makeFolder(t), 'data');
  await writeFile(file, 'precious');
  const server = startChild(t, process.execPath, startArgs(file), withoutSettings);
  await assertServerRefuses(
    t,
    server,
    /^pay-server: The data folder .*data cannot be made or written \(EEXIST\)\. .* with --data\./,
  );
});

test('a damaged database is told in one line, too', async (t) => {
  const file = await makeDatabaseFile(t);
  await writeFile(file, Buffer.alloc(8192, 0xff), { flag: 'r+' });
  await writeFile(file, 'SQLite format 3\0', { flag: 'r+' });
  const server = startChild(t, process.execPath, startArgs(join(file, '..')), withoutSettings);
  await assertServerRefuses(t, server, /^pay-server: .*pay\.db is /);
});

const nobody = 65_534;
const isRoot = process.getuid?.() === 0;

/** The options of a process that permissions count for. */
const asNobody = isRoot ? { uid: nobody } : {};

test('a data folder that cannot be written is refused', async (t) => {
  const outer = await makeFolder(t);
  const folder = join(outer, 'data');
  await mkdir(folder);
  await chmod(outer, 0o755);
  await chmod(folder, 0o555);
  const unwritable = /The data folder .* cannot be made or written \(EACCES\)\. Give the user .* --data/;
  for (const place of [folder, join(folder, 'deeper')]) {
    const child = startProgram(t, 'hold-database', [join(place, 'pay.db')], asNobody);
    t.is(await child.line(), 'begins');
    t.is(await child.ended, 1);
    t.regex(child.stderr(), unwritable);
  }
  t.deepEqual(await readdir(folder), []);
  await chmod(folder, 0o755);
  await rm(folder, { recursive: true });
});
