import { copyFile, open, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { type Database, openReaders, openWriter } from '../../../db/connect.js';
import { holdDatabase } from '../../../db/open/open-database.js';
import { openSnapshot } from '../../../db/open/snapshot.js';
import { beginUse } from '../../../db/open/use-database.js';
import { fillDisk, makeSmallDisk } from '../../faults/support/small-disk.js';
import { needsMount, testWith } from '../../support/needs.js';
import { makeThings, newFile } from './support/things.js';

/** So many rows in one commit, each of which takes a page. */
const insert = (writer: Database, rows: number) =>
  writer.raw(
    'with recursive n(i) as (select 1 union all select i + 1 from n where i < ?) insert into things (text) select hex(zeroblob(1800)) from n',
    [rows],
  );

/** The files as a kill leaves them at this moment. */
async function asKilled(t: ExecutionContext, file: string): Promise<string> {
  const copy = await newFile(t);
  await copyFile(file, copy);
  await copyFile(`${file}-wal`, `${copy}-wal`);
  return copy;
}

async function countThings(file: string): Promise<number> {
  const readers = openReaders(file, 1);
  const [row] = await readers.raw('select count(*) as things from things');
  await readers.destroy();
  return row.things;
}

async function startAgain(t: ExecutionContext, file: string, things: number, message?: string) {
  await t.notThrowsAsync(async () => (await holdDatabase(file)).release(), message);
  t.is(await countThings(file), things, message);
}

test('who has read a database at rest does not take away the log of a server that was killed meanwhile', async (t) => {
  const file = await makeThings(await newFile(t));
  const snapshot = await openSnapshot(file);
  const writer = openWriter(file);
  const use = await beginUse(writer, file);
  await insert(writer, 3);
  // A server that was killed leaves the log, as this does.
  await use.end(false);
  await snapshot.close();
  await startAgain(t, file, 3);
});

test('who has read a database at rest leaves nothing beside it', async (t) => {
  const file = await makeThings(await newFile(t));
  const snapshot = await openSnapshot(file);
  await snapshot.close();
  await t.throwsAsync(stat(`${file}-wal`), { code: 'ENOENT' });
});

test('a log that was copied whole begins anew with the mark that the database names', async (t) => {
  const file = await makeThings(await newFile(t));
  const writer = openWriter(file);
  const use = await beginUse(writer, file);
  await insert(writer, 3);
  // The index of the log outlives the server, since another process has it open.
  const attached = openReaders(file, 1);
  await attached.raw('select count(*) from things');
  await writer.raw('PRAGMA wal_checkpoint(PASSIVE)');
  await use.end(false);
  await attached.raw('BEGIN');
  await attached.raw('select count(*) from things');

  const next = openWriter(file);
  // Nothing is copied while somebody reads what the database itself holds.
  const nextUse = await beginUse(next, file);
  await insert(next, 1);
  const killed = await asKilled(t, file);
  await attached.destroy();
  await nextUse.end(true);
  await startAgain(t, killed, 4);
});

/** Tears the commit whose frames begin at this place of a log: its first page never came to the disk. */
async function tear(file: string, place: number): Promise<void> {
  const log = await open(`${file}-wal`, 'r+');
  await log.write(Buffer.alloc(4096), 0, 4096, place + 24);
  await log.close();
}

const lengthOfLog = async (file: string): Promise<number> => (await stat(`${file}-wal`)).size;

test('a commit that power loss has torn in the rest of one that was torn before is not taken for damage', async (t) => {
  const file = await makeThings(await newFile(t));
  const writer = openWriter(file);
  const use = await beginUse(writer, file);
  // A log that is long is not copied at the next start.
  await insert(writer, 1_200);
  const before = await lengthOfLog(file);
  await insert(writer, 100);
  const once = await asKilled(t, file);
  await use.end(true);
  await tear(once, before);
  await startAgain(t, once, 1_200, 'torn once');

  const next = openWriter(once);
  const nextUse = await beginUse(next, once);
  for (let rows = 1; rows < 8; rows += 1) {
    const end = await lengthOfLog(once);
    await insert(next, rows);
    const things = await countThings(once);
    const twice = await asKilled(t, once);
    await tear(twice, end);
    await startAgain(t, twice, things - rows, `${rows} rows torn`);
  }
  await nextUse.end(true);
});

testWith(needsMount)('a log that has filled the disk is begun anew in its place', async (t) => {
  const file = await makeThings(join(await makeSmallDisk(t), 'pay.db'));
  const writer = openWriter(file);
  const use = await beginUse(writer, file);
  await insert(writer, 1);
  // The database itself has the pages that are changed from here on.
  await use.checkpoint();
  const change = () => writer.raw('update things set text = hex(randomblob(1800))');
  for (let times = 0; times < 20; times += 1) {
    await change();
  }
  const ballast = await fillDisk(dirname(file));
  await t.throwsAsync(
    async () => {
      for (;;) {
        await change();
      }
    },
    { code: 'SQLITE_FULL' },
  );
  await use.end(false);

  const next = openWriter(file);
  const nextUse = await beginUse(next, file);
  await next.raw('update things set text = null');
  await rm(ballast);
  await nextUse.end(true);
  await startAgain(t, file, 1);
});
