import { copyFile, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { openMaker, openWriter } from '../../../db/connect.js';
import { DatabaseProblem } from '../../../db/files/database-problem.js';
import { checkDatabaseFile } from '../../../server/features/books/check-database.js';
import { changeFile } from '../../db/support/change-file.js';
import { openReadersOf } from '../../db/support/database.js';
import { snapshot } from '../../db/support/snapshot.js';
import { testWith } from '../../support/needs.js';
import { needsPostgres } from '../../support/on-postgres.js';
import { makePostgresDatabase } from '../../support/postgres.js';
import { until } from '../../support/until.js';
import { makeFolder, sampleBooks } from './support/sample-books.js';

test('books that were kept are found right, and nothing is changed or left behind', async (t) => {
  const file = await sampleBooks(t);
  const before = await snapshot(dirname(file));
  const { currencies, ...books } = await checkDatabaseFile(file);
  t.deepEqual(books, { balanced: true, payments: 19, entries: 50, problems: [], problemCount: 0 });
  t.deepEqual(
    currencies.map(({ currency }) => currency),
    ['GBP', 'JPY', 'KWD', 'USD'],
  );
  t.deepEqual(await snapshot(dirname(file)), before);
  t.deepEqual(await readdir(dirname(file)), ['pay.db']);
});

test('one reader finds the same as two', async (t) => {
  const file = await sampleBooks(t);
  await changeFile(file, "update accounts set balance = balance + 1 where kind = 'customer'");
  const [one, two] = [
    await checkDatabaseFile(file, { isAlone: false }),
    await checkDatabaseFile(file, { isAlone: true }),
  ];
  t.is(one.balanced, false);
  t.deepEqual(one, two);
});

testWith(needsPostgres)('where only one connection is to be had, it is not left open', async (t) => {
  const url = new URL(await makePostgresDatabase());
  const maker = openMaker(url.href);
  t.teardown(() => maker.destroy());
  const name = `only_one_${url.pathname.slice(1)}`;
  await maker.raw(
    `create role ${name} login password 'one' connection limit 1; grant pg_read_all_data to ${name}`,
  );
  const place = Object.assign(new URL(url), { username: name, password: 'one' }).href;
  await t.throwsAsync(checkDatabaseFile(place), { message: /too many connections/ });
  await until('a role without a connection', async () => {
    const [found] = await maker.raw(
      `select count(*) as open from pg_stat_activity where usename = '${name}'`,
    );
    return found?.open === 0;
  });
  t.pass();
});

test('progress runs from nothing to the end and never back', async (t) => {
  const told: number[] = [];
  await checkDatabaseFile(await sampleBooks(t), { onProgress: (fraction) => told.push(fraction) });
  t.deepEqual(told.toSorted(), told);
  t.is(told.at(-1), 1);
});

test('a database that is not there is refused, and none is made', async (t) => {
  const folder = await makeFolder(t);
  const error = await t.throwsAsync(checkDatabaseFile(join(folder, 'pay.db')), {
    instanceOf: DatabaseProblem,
  });
  t.regex(error?.message ?? '', /There is no database at .*pay\.db \(ENOENT\)\. Name the folder/);
  t.deepEqual(await readdir(folder), []);
});

test('a database of an older version is refused with what to do', async (t) => {
  const file = await sampleBooks(t);
  await changeFile(file, 'delete from migrations where id = (select max(id) from migrations)');
  const error = await t.throwsAsync(checkDatabaseFile(file), { instanceOf: DatabaseProblem });
  t.regex(error?.message ?? '', /made by an older version of pay .* pay-server migrate/);
});

test('a check that is called off says so and leaves the file alone', async (t) => {
  const file = await sampleBooks(t);
  const controller = new AbortController();
  const checking = checkDatabaseFile(file, { signal: controller.signal });
  controller.abort();
  await t.throwsAsync(checking, { any: true, name: 'AbortError' });
  await t.throwsAsync(checkDatabaseFile(file, { signal: controller.signal }), {
    any: true,
    name: 'AbortError',
  });
  t.deepEqual(await readdir(dirname(file)), ['pay.db']);
});

/** The same as a server leaves it that was killed: the newest of it is in the log beside the file only. */
async function killedBooks(t: ExecutionContext, statement: string): Promise<string> {
  const alive = await sampleBooks(t);
  const file = join(await makeFolder(t), 'pay.db');
  const writer = openWriter(alive);
  try {
    await writer.raw('PRAGMA ignore_check_constraints = ON');
    await writer.raw(statement);
    await copyFile(alive, file);
    await copyFile(`${alive}-wal`, `${file}-wal`);
  } finally {
    await writer.destroy();
  }
  return file;
}

test('books whose server was killed are checked with what its log holds, and the log stays', async (t) => {
  const file = await killedBooks(
    t,
    "update accounts set kind = 'none' where kind = 'issuance' and currency = 'AED'",
  );
  const before = await snapshot(dirname(file));
  const { problems } = await checkDatabaseFile(file);
  t.deepEqual(problems, ['file: CHECK constraint failed in accounts']);
  t.deepEqual(await snapshot(dirname(file)), before);
  t.deepEqual((await checkDatabaseFile(file, { isAlone: false })).problems, problems);
  t.deepEqual(await snapshot(dirname(file)), before);
});

test('a copy without a log, as a backup is, is checked as it stands', async (t) => {
  const file = await sampleBooks(t);
  await changeFile(
    file,
    'PRAGMA journal_mode = DELETE',
    'PRAGMA ignore_check_constraints = ON',
    "update accounts set kind = 'none' where kind = 'issuance' and currency = 'AED'",
  );
  const before = await snapshot(dirname(file));
  t.deepEqual((await checkDatabaseFile(file)).problems, ['file: CHECK constraint failed in accounts']);
  t.deepEqual(await snapshot(dirname(file)), before);
  t.deepEqual(await readdir(dirname(file)), ['pay.db']);
});

test('a database with a journal of another program beside it is refused, as to read it would be to change it', async (t) => {
  const file = await sampleBooks(t);
  await writeFile(`${file}-journal`, 'x');
  await t.throwsAsync(checkDatabaseFile(file), {
    instanceOf: DatabaseProblem,
    message: /Nothing was changed/,
  });
});

test('a database whose schema SQLite cannot read is refused as damaged', async (t) => {
  const file = await sampleBooks(t);
  await changeFile(
    file,
    'PRAGMA writable_schema = ON',
    "update sqlite_master set rootpage = 9999 where name = 'entries'",
  );
  await t.throwsAsync(checkDatabaseFile(file), { instanceOf: DatabaseProblem, message: /is damaged: / });
});

test('a table that SQLite cannot read is a problem, and the others are checked all the same', async (t) => {
  const file = await sampleBooks(t);
  const reader = openReadersOf(t, file, 1);
  const [audit] = await reader.raw("select rootpage from sqlite_master where name = 'audit'");
  const bytes = await readFile(file);
  bytes.fill(0xff, (audit.rootpage - 1) * 4096, audit.rootpage * 4096);
  await writeFile(file, bytes);
  const { balanced, payments, currencies, problems } = await checkDatabaseFile(file);
  t.deepEqual([balanced, payments, currencies.length], [false, 19, 4]);
  t.true(
    problems.some((problem) => /^the audit trail cannot be read: /.test(problem)),
    problems.join(),
  );
});
