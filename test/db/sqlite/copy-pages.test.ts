import { rm, stat, writeFile } from 'node:fs/promises';
import test, { type ExecutionContext } from 'ava';
import { openWriter } from '../../../db/connect.js';
import { withSnapshot } from '../../../db/open/snapshot.js';
import { makeDatabaseFile } from '../support/database.js';

const mebibyte = 1024 * 1024;

/** A database of some MiB, and the empty file that it is copied into. */
async function makeSource(t: ExecutionContext): Promise<{ readonly file: string; readonly copy: string }> {
  const file = await makeDatabaseFile(t);
  const writer = openWriter(file);
  await writer.raw('create table filler as select zeroblob(3000000) as bytes');
  await writer.destroy();
  const copy = `${file}.copy`;
  await writeFile(copy, '');
  return { file, copy };
}

test('a copy is made in steps of 1 MiB, and rests between two of them with what the last one took', async (t) => {
  const { file, copy } = await makeSource(t);
  const sizes: number[] = [0];
  const tookMs: number[] = [];
  await withSnapshot(file, (snapshot) =>
    snapshot.copyTo(copy, {
      async rest(ms) {
        tookMs.push(ms);
        sizes.push((await stat(copy)).size);
      },
    }),
  );
  const { size } = await stat(copy);
  t.is(size, (await stat(file)).size);
  t.is(tookMs.length, Math.ceil(size / mebibyte) - 1);
  t.true(tookMs.every((ms) => ms > 0));
  const grown = [...sizes.slice(1), size].map((bytes, index) => bytes - (sizes[index] ?? 0));
  // SQLite may keep what a step copies until the next.
  t.true(Math.max(...grown) <= 2 * mebibyte, grown.join(' '));
});

test('a copy whose files somebody else takes away fails with a code that is known', async (t) => {
  const { file, copy } = await makeSource(t);
  await t.throwsAsync(
    withSnapshot(file, (snapshot) =>
      snapshot.copyTo(copy, { rest: () => rm(`${copy}-journal`, { force: true }) }),
    ),
    { code: 'SQLITE_IOERR', message: /^SQLITE_IOERR: disk I\/O error/ },
  );
});
