import { open, stat, truncate } from 'node:fs/promises';
import { dirname } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { openWriter } from '../../../db/connect.js';
import { DatabaseProblem } from '../../../db/files/database-problem.js';
import { integrityProblems } from '../../../db/open/integrity.js';
import { holdDatabase } from '../../../db/open/open-database.js';
import { withSnapshot } from '../../../db/open/snapshot.js';
import { makeDatabaseFile } from '../support/database.js';
import { writeStory } from '../support/rows.js';
import { snapshot } from '../support/snapshot.js';

const pageBytes = 4096;

/** One row a page, and more pages than a start looks at. */
const fillerRows = 5_000;

interface Root {
  readonly name: string;
  readonly rootpage: number;
}

/** A database that is too large for a start to look at it whole, and the first pages of its trees, by their names. */
async function makeLargeBooks(t: ExecutionContext): Promise<{ file: string; roots: Map<string, number> }> {
  const file = await makeDatabaseFile(t);
  const writer = openWriter(file);
  await writeStory(writer);
  await writer.raw('create table filler (id integer primary key, bytes blob not null)');
  await writer.raw(
    `insert into filler with recursive n(id) as (select 1 union all select id + 1 from n where id < ${fillerRows})
     select id, zeroblob(3900) from n`,
  );
  const roots: readonly Root[] = await writer.raw(
    "select name, rootpage from sqlite_master where rootpage > 0 and name not like 'sqlite_sequence'",
  );
  await writer.destroy();
  return { file, roots: new Map(roots.map(({ name, rootpage }) => [name, rootpage])) };
}

/** Fills a page with zeros; gives how to put back what was in it. */
async function losePage(file: string, page: number): Promise<() => Promise<void>> {
  // The first hundred bytes describe the file.
  const position = Math.max((page - 1) * pageBytes, 100);
  const length = page * pageBytes - position;
  const handle = await open(file, 'r+');
  const { buffer } = await handle.read(Buffer.alloc(length), { position });
  await handle.write(Buffer.alloc(length), 0, length, position);
  return async () => {
    await handle.write(buffer, 0, length, position);
    await handle.close();
  };
}

const isDamaged = /is damaged: .*Nothing was changed\. Keep a copy of it .* restore a backup/s;

async function assertRefused(t: ExecutionContext, file: string, what: string): Promise<void> {
  const error = await t.throwsAsync(holdDatabase(file), { instanceOf: DatabaseProblem }, what);
  t.regex(error?.message ?? '', isDamaged, what);
}

test('a large database in order starts', async (t) => {
  const { file } = await makeLargeBooks(t);
  const held = await holdDatabase(file);
  t.deepEqual(held.applied, []);
  await held.release();
});

test('a large database that lost its schema, or the first page of any tree, is refused', async (t) => {
  const { file, roots } = await makeLargeBooks(t);
  t.true(roots.size > 20, `${roots.size} trees`);
  const before = await snapshot(dirname(file));
  for (const [name, page] of new Map([['the schema', 1], ...roots])) {
    const putBack = await losePage(file, page);
    await assertRefused(t, file, name);
    await putBack();
  }
  t.deepEqual(await snapshot(dirname(file)), before);
});

test('a large database that was cut is refused', async (t) => {
  const { file } = await makeLargeBooks(t);
  const { size } = await stat(file);
  for (const bytes of [size - pageBytes, size - 100, size / 2]) {
    await truncate(file, bytes);
    const before = await snapshot(dirname(file));
    await assertRefused(t, file, `cut to ${bytes} bytes`);
    t.deepEqual(await snapshot(dirname(file)), before);
  }
});

test('of a large database, what was lost in the middle of a tree is found by the check', async (t) => {
  const { file, roots } = await makeLargeBooks(t);
  const putBack = await losePage(file, (roots.get('filler') ?? 0) + fillerRows / 2);
  const held = await holdDatabase(file);
  await held.release();
  await t.throwsAsync(withSnapshot(file, integrityProblems), {
    instanceOf: DatabaseProblem,
    message: /is damaged: SQLite cannot read it/,
  });
  await putBack();
  await t.notThrowsAsync(withSnapshot(file, integrityProblems));
});
