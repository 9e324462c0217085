import { copyFile, mkdir, readFile, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import fc from 'fast-check';
import { openNew, openWriter } from '../../../db/connect.js';
import { DatabaseProblem } from '../../../db/files/database-problem.js';
import { refuseOldSqlite } from '../../../db/open/inspect.js';
import { holdDatabase } from '../../../db/open/open-database.js';
import { needsProc, testWith } from '../../support/needs.js';
import { changeFile } from '../support/change-file.js';
import { makeDatabaseFile, makeFolder, openReadersOf } from '../support/database.js';
import { startProgram } from '../support/processes.js';
import { writeStory } from '../support/rows.js';
import { snapshot } from '../support/snapshot.js';

const pageBytes = 4096;

/** A database with something in it, as a server leaves it that was asked to stop. */
async function makeBooks(t: ExecutionContext): Promise<string> {
  const file = await makeDatabaseFile(t);
  const writer = openWriter(file);
  await writeStory(writer);
  await writer.destroy();
  return file;
}

/** The same as a server leaves it that was killed: the newest of it is in the log beside the file only. */
async function makeKilledBooks(t: ExecutionContext, ...statements: readonly string[]): Promise<string> {
  const alive = await makeBooks(t);
  const file = join(await makeFolder(t), 'pay.db');
  const writer = openWriter(alive);
  try {
    await writer.raw("update users set display_name = 'Al' where id = 1");
    for (const statement of statements) {
      await writer.raw(statement);
    }
    await copyFile(alive, file);
    await copyFile(`${alive}-wal`, `${file}-wal`);
  } finally {
    await writer.destroy();
  }
  return file;
}

/** The start must refuse with a message that says what is wrong and what to do, and leave every file as it was. */
async function assertRefused(t: ExecutionContext, file: string, message: RegExp): Promise<void> {
  const before = await snapshot(dirname(file));
  const error = await t.throwsAsync(holdDatabase(file), { instanceOf: DatabaseProblem });
  t.regex(error?.message ?? '', message);
  t.deepEqual(await snapshot(dirname(file)), before);
}

async function assertStarts(t: ExecutionContext, file: string): Promise<void> {
  const held = await holdDatabase(file);
  const writer = openWriter(file);
  t.is((await writer('users')).length, 2);
  await writer.destroy();
  await held.release();
}

for (const version of ['3.51.2', '3.50.9', '3.9.3', '3.7.17', '2.99.99', '3.51']) {
  test(`SQLite ${version} is refused`, (t) => {
    const error = t.throws(() => refuseOldSqlite(version), { instanceOf: DatabaseProblem });
    t.regex(error?.message ?? '', /3\.51\.3 or newer is needed\. Install the dependencies again/);
  });
}

for (const version of ['3.51.3', '3.51.10', '3.52.0', '3.100.0', '4.0.0']) {
  test(`SQLite ${version} is taken`, (t) => {
    t.notThrows(() => refuseOldSqlite(version));
  });
}

test('the SQLite that is installed is taken', (t) => {
  t.notThrows(() => refuseOldSqlite());
});

test('a database that was left in order starts, unchanged', async (t) => {
  const file = await makeBooks(t);
  const before = await snapshot(dirname(file));
  await assertStarts(t, file);
  t.deepEqual(await snapshot(dirname(file)), before);
});

test('a database whose server was killed starts with everything that was committed', async (t) => {
  const file = await makeKilledBooks(t);
  await assertStarts(t, file);
  const readers = openReadersOf(t, file);
  t.deepEqual(await readers('users').where('id', 1).pluck('display_name'), ['Al']);
});

const isNotOurs =
  /is not a database of pay: .*Nothing was changed\. Choose another data folder .* or move the file away/;

for (const [what, contents] of Object.entries({
  'a file that is empty': '',
  'a file of one byte': 'x',
  'a text': 'Dear diary,\n'.repeat(1000),
  'the beginning of an SQLite database': 'SQLite format 3\0',
})) {
  test(`${what} is refused`, async (t) => {
    const file = join(await makeFolder(t), 'pay.db');
    await writeFile(file, contents);
    await assertRefused(t, file, isNotOurs);
  });
}

test('a database of another program is refused', async (t) => {
  const file = join(await makeFolder(t), 'pay.db');
  const other = openNew(file);
  await other.raw('create table migrations (id, name)');
  await other.raw('PRAGMA application_id = 7');
  await other.destroy();
  await assertRefused(t, file, isNotOurs);
});

test('a folder in the place of the database is refused', async (t) => {
  const file = join(await makeFolder(t), 'pay.db');
  await mkdir(file);
  await assertRefused(
    t,
    file,
    /pay\.db is not a database of pay: it is a folder\. Nothing was changed\. Choose another data folder/,
  );
});

const futureMigration =
  "insert into migrations (name, batch, migration_time) values ('999-from-the-future', 9, 0)";
const isNewer =
  /made by a newer version of pay \(it has 999-from-the-future.*Nothing was changed\. Start the newer version, or restore a backup/;

test('a database that is newer than the program is refused', async (t) => {
  const file = await makeBooks(t);
  await changeFile(file, futureMigration);
  await assertRefused(t, file, isNewer);
});

test('a newer database whose server was killed is refused, its log kept', async (t) => {
  await assertRefused(t, await makeKilledBooks(t, futureMigration), isNewer);
});

test('a newer database in another journal mode, as a backup may be, is refused as it stands', async (t) => {
  const file = await makeBooks(t);
  await changeFile(file, futureMigration, 'PRAGMA journal_mode = DELETE');
  await assertRefused(t, file, isNewer);
});

const isDamaged = /is damaged: .*Nothing was changed\. Keep a copy of it .* restore a backup/s;

const appendOnly = ['payments', 'entries', 'rates', 'idempotency_keys', 'events', 'audit'];

for (const statement of appendOnly.flatMap((table) => [
  `drop trigger ${table}_refuse_update`,
  `drop trigger ${table}_refuse_delete`,
])) {
  test(`after ${statement} the start is refused`, async (t) => {
    const file = await makeBooks(t);
    await changeFile(file, statement);
    await assertRefused(t, file, isDamaged);
    await rm(file);
    await assertRefused(t, await makeKilledBooks(t, statement), isDamaged);
  });
}

test('a trigger that no longer refuses is refused', async (t) => {
  const file = await makeBooks(t);
  await changeFile(
    file,
    'drop trigger entries_refuse_update',
    'create trigger entries_refuse_update before update on entries begin select 1; end',
  );
  await assertRefused(t, file, /the trigger entries_refuse_update is missing or changed/);
});

test('a database that does not know its migrations is refused', async (t) => {
  const file = await makeBooks(t);
  await changeFile(file, 'drop table migrations');
  await assertRefused(t, file, isDamaged);
});

for (const [what, bytes] of Object.entries({
  'its header': 100,
  'less than a page': 3000,
  'one page': pageBytes,
  'seven pages': 7 * pageBytes,
  'seven pages and a bit': 7 * pageBytes + 100,
})) {
  test(`a database cut to ${what} is refused`, async (t) => {
    const file = await makeBooks(t);
    await truncate(file, bytes);
    await assertRefused(t, file, isDamaged);
  });
}

async function damage(file: string, change: (bytes: Buffer) => void): Promise<void> {
  const bytes = await readFile(file);
  change(bytes);
  await writeFile(file, bytes);
}

for (const page of [1, 2, 5, 9]) {
  test(`a database whose page ${page} was lost is refused`, async (t) => {
    const file = await makeBooks(t);
    const from = Math.max((page - 1) * pageBytes, 100);
    await damage(file, (bytes) => bytes.fill(0, from, page * pageBytes));
    await assertRefused(t, file, isDamaged);
  });
}

test('a damaged database whose server was killed is refused, its log kept', async (t) => {
  const file = await makeKilledBooks(t);
  await damage(file, (bytes) => bytes.fill(0xff, 4 * pageBytes, 12 * pageBytes));
  await assertRefused(t, file, isDamaged);
});

test('whatever bit is flipped, the start works or is refused with a message, and then changes nothing', async (t) => {
  const file = await makeBooks(t);
  const whole = await readFile(file);
  const offset = fc.oneof(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 0, max: whole.length - 1 }));
  let refusals = 0;
  await fc.assert(
    fc.asyncProperty(offset, fc.integer({ min: 0, max: 7 }), async (place, bit) => {
      const flipped = Buffer.from(whole);
      flipped[place] = (whole[place] ?? 0) ^ (1 << bit);
      await writeFile(file, flipped);
      try {
        const held = await holdDatabase(file);
        await held.release();
      } catch (error) {
        refusals += 1;
        t.true(error instanceof DatabaseProblem, `byte ${place}, bit ${bit}: ${error}`);
        t.true(flipped.equals(await readFile(file)), `byte ${place}, bit ${bit} was refused but changed`);
      }
      await rm(`${file}-wal`, { force: true });
    }),
    { numRuns: 200 },
  );
  t.true(refusals > 0);
});

for (const suffix of ['-wal', '-journal']) {
  test(`a ${suffix} without its database is refused, and no empty database is made in its place`, async (t) => {
    const file = await makeKilledBooks(t);
    await rename(`${file}-wal`, `${file}${suffix}`);
    await rm(file);
    await assertRefused(t, file, /was moved away or lost\. Put it back beside its log, or move the log away/);
    t.deepEqual(Object.keys(await snapshot(dirname(file))), [`pay.db${suffix}`]);
  });
}

const isHeld = /Another pay-server is running on .*pay\.db\. Stop it first, or choose another data folder/;

test('a database that another process holds is refused until that is gone, however it went', async (t) => {
  const file = await makeBooks(t);
  for (const end of ['stdin', 'SIGKILL'] as const) {
    const other = startProgram(t, 'hold-database', [file]);
    t.is(await other.line(), 'begins');
    t.is(await other.line(), 'holds');
    await assertRefused(t, file, isHeld);
    await assertRefused(t, file, isHeld);
    if (end === 'stdin') {
      other.process.stdin?.end();
    } else {
      other.process.kill(end);
    }
    t.is(await other.ended, end === 'stdin' ? 0 : 'SIGKILL');
    await assertStarts(t, file);
  }
});

test('a database that another process holds under another name is refused', async (t) => {
  const file = await makeBooks(t);
  const alias = join(await makeFolder(t), 'pay.db');
  await symlink(file, alias);
  const other = startProgram(t, 'hold-database', [file]);
  await other.line();
  t.is(await other.line(), 'holds');
  await assertRefused(t, alias, isHeld);
});

test('a database is refused to a second holder in one process, too', async (t) => {
  const file = await makeBooks(t);
  const held = await holdDatabase(file);
  await t.throwsAsync(holdDatabase(file), { instanceOf: DatabaseProblem, message: isHeld });
  await held.release();
  await assertStarts(t, file);
});

const isUnwritable =
  /cannot be made or written \((ENOTDIR|EACCES|EEXIST|EROFS|ENOENT)\)\. Give the user .* or choose another folder with --data/;

test('a data folder below a file is refused', async (t) => {
  const file = await makeBooks(t);
  const before = await snapshot(dirname(file));
  for (const folder of [file, join(file, 'deeper')]) {
    await t.throwsAsync(holdDatabase(join(folder, 'pay.db')), {
      instanceOf: DatabaseProblem,
      message: isUnwritable,
    });
  }
  t.deepEqual(await snapshot(dirname(file)), before);
});

testWith(needsProc)('a data folder that cannot be made below one that is there is refused', async (t) => {
  await t.throwsAsync(holdDatabase('/proc/pay/data/pay.db'), {
    instanceOf: DatabaseProblem,
    message: isUnwritable,
  });
});
