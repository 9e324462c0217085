import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { readBackupNote } from '../../db/operate/backup-note.js';
import { backupName, superfluousBackups } from '../../server/program/backup-rotation.js';
import { runAfterBackup } from '../../server/program/rotated-backup.js';
import { seedPayments } from '../bench/seed-payments.js';
import { makeFolder } from '../faults/support/server.js';
import { needsProc, testWith } from '../support/needs.js';
import { runPayServerInside } from './support/run-pay-server.js';

const nightMs = 24 * 60 * 60 * 1_000;

test('after each of a thousand nights there is one backup of each of 7 days, 4 weeks and 12 months, and no more', (t) => {
  let names: string[] = [];
  for (let night = 0; night < 1_000; night += 1) {
    const now = new Date(Date.UTC(2026, 10, 28, 3, 15) + night * nightMs);
    names.push(backupName(now));
    const superfluous = superfluousBackups(names);
    names = names.filter((name) => !superfluous.includes(name));
    t.true(names.includes(backupName(now)));
    t.true(names.length <= 23);
  }
  const days = names.map((name) => name.slice(4, 12)).toSorted();
  t.is(new Set(days.slice(-7)).size, 7);
  t.is(new Set(days.map((day) => day.slice(0, 6))).size, 12);
});

test('of several backups of a day the newest one stays, and what has another name is left alone', (t) => {
  const names = ['pay-20261128T031500Z.backup', 'pay-20261128T120000Z.backup', 'pay-2026.backup', 'notes'];
  t.deepEqual(superfluousBackups(names), ['pay-20261128T031500Z.backup']);
});

test('the backup that was made just now stays, whatever the clock said: one that is behind removes no other in its stead', (t) => {
  const nights = Array.from({ length: 400 }, (_, night) =>
    backupName(new Date(Date.UTC(2026, 10, 28) + night * nightMs)),
  );
  const kept = nights.filter((name) => !superfluousBackups(nights).includes(name));
  const made = backupName(new Date(60_000));
  t.deepEqual(superfluousBackups([...kept, made]), [made]);
  t.deepEqual(superfluousBackups([...kept, made], made), []);
});

test('a rotated backup is made, sent and noted, and replaces the one before of its day', async (t) => {
  const folder = await makeFolder(t);
  const [data, backups, sent] = [join(folder, 'data'), join(folder, 'backups'), join(folder, 'sent')];
  await seedPayments(join(data, 'pay.db'), 20, 4);
  await mkdir(backups);
  const old = backupName(new Date());
  await writeFile(join(backups, old.replace(/T\d{6}/, 'T000000')), 'old');
  const words = ['--data', data, '--rotate', backups, '--then', `cp "$PAY_BACKUP" '${sent}'`];
  const made = await runPayServerInside(['backup', ...words]);
  t.is(made.status, 0, made.stderr);
  const [name = '', ...others] = (await readdir(backups)).toReversed();
  // Midnight may have passed meanwhile.
  t.true(others.length === 0 || name.slice(4, 12) !== old.slice(4, 12), made.stdout);
  t.deepEqual(await readFile(sent), await readFile(join(backups, name)));
  const note = await readBackupNote(join(data, 'pay.db'));
  t.is(note.problem, null);
  t.is(note.good?.file, join(backups, name));
});

test('a command that says much as it sends is let through to its end, and the last of it is shown', async (t) => {
  const talkative = 'yes sending | head -c 3000000; yes x | head -c 3000000 >&2; echo sent';
  const said = await runAfterBackup(talkative, 'a.backup', { PATH: process.env.PATH });
  t.regex(said, /sending\nsent\n$/);
  t.true(said.length < 100_000);
});

test('a command that fails without a word is told of by how it ended, and not by its own words', async (t) => {
  for (const [command, end] of [
    ['secret=1; exit 3', /failed: it ended with status 3$/],
    ['secret=1; kill -TERM $$', /failed: it was ended \(SIGTERM\)$/],
  ] as const) {
    const refused = await t.throwsAsync(runAfterBackup(command, 'a.backup', { PATH: process.env.PATH }));
    t.regex(refused?.message ?? '', end);
  }
});

test('a backup that cannot be sent stays, fails, is noted, and removes nothing', async (t) => {
  const folder = await makeFolder(t);
  const [data, backups] = [join(folder, 'data'), join(folder, 'backups')];
  await seedPayments(join(data, 'pay.db'), 20, 4);
  const words = ['--data', data, '--rotate', backups, '--then', 'echo no route >&2; exit 3'];
  const failed = await runPayServerInside(['backup', ...words]);
  t.is(failed.status, 1);
  t.regex(failed.stderr, /is made and checked, but the command after it failed: no route/);
  t.is((await readdir(backups)).length, 1);
  const { good, problem } = await readBackupNote(join(data, 'pay.db'));
  t.is(good, null);
  t.regex(problem ?? '', /no route/);
});

test('a backup is told where it goes, once', async (t) => {
  for (const words of [[], ['file', '--rotate', 'folder']]) {
    const refused = await runPayServerInside(['backup', ...words]);
    t.is(refused.status, 2);
    t.regex(refused.stderr, /Name the file of the backup, or with --rotate the folder of them\./);
  }
});

testWith(needsProc)(
  'where no folder of backups can be made below one that is there, it is said',
  async (t) => {
    const data = join(await makeFolder(t), 'data');
    await seedPayments(join(data, 'pay.db'), 4, 2);
    const { status, stderr } = await runPayServerInside(['backup', '--data', data, '--rotate', '/proc/pay']);
    t.is(status, 1);
    t.regex(stderr, /The folder \/proc\/pay cannot be made \(ENOENT\)/);
  },
);
