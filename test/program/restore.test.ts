import { mkdir, readdir, readFile, rm, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { execa } from 'execa';
import { openWriter } from '../../db/connect.js';
import { checkDatabaseFile } from '../../server/features/books/check-database.js';
import { seedPayments } from '../bench/seed-payments.js';
import { makeFolder, startServer } from '../faults/support/server.js';
import { runPayServerInside } from './support/run-pay-server.js';

async function makeBackup(t: ExecutionContext): Promise<Buffer> {
  const folder = await makeFolder(t);
  const [data, file] = [join(folder, 'data'), join(folder, 'backup')];
  await seedPayments(join(data, 'pay.db'), 10, 5);
  const { status, stderr } = await runPayServerInside(['backup', file, '--data', data]);
  t.is(status, 0, stderr);
  return readFile(file);
}

let backup: Promise<Buffer> | undefined;

/** A folder with a backup in it, `changed` by these statements. */
async function backedUp(t: ExecutionContext, ...changes: readonly string[]): Promise<string> {
  const folder = await makeFolder(t);
  backup ??= makeBackup(t);
  await writeFile(join(folder, 'backup'), await backup);
  const writer = openWriter(join(folder, 'backup'));
  for (const change of changes) {
    await writer.raw(change);
  }
  await writer.destroy();
  return folder;
}

async function refuses(
  t: ExecutionContext,
  folder: string,
  message: RegExp,
  target = 'restored',
): Promise<void> {
  const args = ['restore', join(folder, 'backup'), '--data', join(folder, target)];
  const { status, stdout, stderr } = await runPayServerInside(args);
  t.is(status, 1);
  t.is(stdout, '');
  t.regex(stderr, message);
}

/** What a refusal leaves in the folder where the books should have come: at most the lock. */
async function assertNothingRestored(t: ExecutionContext, folder: string): Promise<void> {
  const names = await readdir(join(folder, 'restored')).catch(() => []);
  t.deepEqual(
    names.filter((name) => name !== 'pay.db.lock'),
    [],
  );
}

test('a folder that holds anything is refused, and left as it is', async (t) => {
  const folder = await backedUp(t);
  await mkdir(join(folder, 'data'));
  await writeFile(join(folder, 'data', 'pay.db'), 'books');
  await refuses(t, folder, /data is not empty \(pay\.db\)/, 'data');
  await mkdir(join(folder, 'notes'));
  await writeFile(join(folder, 'notes', 'todo.txt'), 'milk');
  await refuses(t, folder, /notes is not empty \(todo\.txt\)\. Choose an empty one with --data/, 'notes');
  t.deepEqual(await readdir(join(folder, 'notes')), ['todo.txt']);
});

test('what is no backup, is not there, or was damaged is refused with what to do', async (t) => {
  const folder = await backedUp(t);
  const file = join(folder, 'backup');
  const whole = await readFile(file);
  await writeFile(file, 'a letter');
  await refuses(
    t,
    folder,
    /backup is not a database of pay: .* Name a file that pay-server backup has made;/,
  );
  for (const length of [whole.length / 2, whole.length - 1]) {
    await writeFile(file, whole.subarray(0, length));
    await refuses(t, folder, /^pay-server: .*backup is damaged: its end is missing\./);
  }
  await writeFile(file, Buffer.concat([whole.subarray(0, 4096), Buffer.alloc(whole.length - 4096, 0x5a)]));
  await refuses(t, folder, /^pay-server: .*backup is damaged: /);
  await writeFile(file, whole);
  const { status, stderr } = await runPayServerInside([
    'restore',
    `${file}s`,
    '--data',
    join(folder, 'restored'),
  ]);
  t.is(status, 1);
  t.regex(stderr, /There is no backup at .*backups\./);
  await assertNothingRestored(t, folder);
});

test('a folder, a pipe or a device is no backup, and nobody waits for one', async (t) => {
  const folder = await makeFolder(t);
  await mkdir(join(folder, 'backup'));
  await refuses(t, folder, /backup is not a database of pay: it is a folder\. .* Name a file/);
  await rmdir(join(folder, 'backup'));
  await execa('mkfifo', [join(folder, 'backup')]);
  await refuses(t, folder, /backup is not a database of pay: it is no file\. .* Name a file/);
  await assertNothingRestored(t, folder);
});

test('a data folder that is a file is refused', async (t) => {
  const folder = await backedUp(t);
  await writeFile(join(folder, 'restored'), 'milk');
  await refuses(t, folder, /restored cannot be looked into \(ENOTDIR\)\. Choose an empty one of your own/);
  t.is(await readFile(join(folder, 'restored'), 'utf8'), 'milk');
});

test('a server whose key was lost says that clients will refuse its new one, and a first start says nothing of it', async (t) => {
  const data = join(await makeFolder(t), 'data');
  const isSaid = /tls\.key was gone, and another was made/;
  const first = await startServer(t, data);
  t.is(await first.stop(), 0);
  t.notRegex(first.stderr(), isSaid);
  await rm(join(data, 'tls.key'));
  const second = await startServer(t, data);
  t.is(await second.stop(), 0);
  t.regex(second.stderr(), isSaid);
});

test('books that somebody changed in the backup are found before they are put in place', async (t) => {
  const folder = await backedUp(t, "update accounts set balance = balance - 1 where kind = 'customer'");
  await refuses(
    t,
    folder,
    /^pay-server: The books are wrong: .*Nothing was restored\. Take an older backup\./,
  );
  await assertNothingRestored(t, folder);
});

test('a backup of a newer version is refused', async (t) => {
  const folder = await backedUp(
    t,
    "insert into migrations (name, batch, migration_time) values ('999-from-the-future', 1, 0)",
  );
  await refuses(t, folder, /backup was made by a newer version of pay \(it has 999-from-the-future/);
  await assertNothingRestored(t, folder);
});

test('a backup whose enclosed files were changed into something else is refused in words', async (t) => {
  for (const change of [
    'create table enclosed_files (name text)',
    "create view enclosed_files as select 'tls.key' as name, null as content",
  ]) {
    const folder = await backedUp(t, 'drop table enclosed_files', change);
    await refuses(
      t,
      folder,
      /^pay-server: .*backup is damaged: .* Nothing was restored\. Take an older backup\.$/m,
    );
    await assertNothingRestored(t, folder);
  }
});

test('what a restore leaves that is killed while it writes the key does not keep the next one out', async (t) => {
  const folder = await backedUp(t);
  const restored = join(folder, 'restored');
  await mkdir(restored);
  await writeFile(join(restored, 'tls.key.tmp'), 'half a k');
  await writeFile(join(restored, 'pay.db.new'), 'half a database');
  const { status, stderr } = await runPayServerInside([
    'restore',
    join(folder, 'backup'),
    '--data',
    restored,
  ]);
  t.is(status, 0, stderr);
});

test('another key in the folder is not written over', async (t) => {
  const folder = await backedUp(
    t,
    "insert into enclosed_files (name, content) values ('tls.key', 'one key'), ('../evil', 'x')",
  );
  const restored = join(folder, 'restored');
  await mkdir(restored);
  await writeFile(join(restored, 'tls.key'), 'another key');
  await refuses(t, folder, /tls\.key is there already and is another than the backup's\. Move it away/);
  t.is(await readFile(join(restored, 'tls.key'), 'utf8'), 'another key');
  await writeFile(join(restored, 'tls.key'), 'one key');
  const { status, stderr } = await runPayServerInside([
    'restore',
    join(folder, 'backup'),
    '--data',
    restored,
  ]);
  t.is(status, 0, stderr);
  t.true((await checkDatabaseFile(join(restored, 'pay.db'))).balanced);
  t.false((await readdir(folder)).includes('evil'));
});
