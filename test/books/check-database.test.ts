import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import test from 'ava';
import { openWriter } from '../../db/connect.js';
import { DatabaseProblem } from '../../db/database-problem.js';
import { checkDatabaseFile } from '../../server/books/check-database.js';
import { snapshot } from '../db/support/snapshot.js';
import { makeFolder, sampleBooks } from './support/sample-books.js';

async function change(file: string, ...statements: readonly string[]): Promise<void> {
  const writer = openWriter(file);
  try {
    for (const statement of statements) {
      await writer.raw(statement);
    }
  } finally {
    await writer.destroy();
  }
}

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
  await change(file, "update accounts set balance = balance + 1 where kind = 'customer'");
  const [one, two] = [
    await checkDatabaseFile(file, { isAlone: false }),
    await checkDatabaseFile(file, { isAlone: true }),
  ];
  t.is(one.balanced, false);
  t.deepEqual(one, two);
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
  await change(file, 'delete from migrations where id = (select max(id) from migrations)');
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
