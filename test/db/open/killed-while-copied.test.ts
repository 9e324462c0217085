import { copyFileSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { openWriter } from '../../../db/connect.js';
import { holdDatabase } from '../../../db/open/open-database.js';
import { beginUse, leaveLogAlone } from '../../../db/open/use-database.js';

async function makeFolder(t: ExecutionContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'pay-copied-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

for (const writes of ['its server', 'another program'] as const) {
  test(`a database starts, wherever a kill came while its log was copied and ${writes} wrote`, (t) =>
    startsWhenKilled(t, writes === 'another program'));
}

async function startsWhenKilled(t: ExecutionContext, isOther: boolean): Promise<void> {
  const folder = await makeFolder(t);
  const file = join(folder, 'pay.db');
  await (await holdDatabase(file)).release();
  const writer = openWriter(file);
  const use = await beginUse(writer, file);
  await writer.raw('create table things (number integer primary key)');
  const other = openWriter(file);
  await leaveLogAlone(other);
  const writing = isOther ? other : writer;
  const moments: { readonly database: Buffer; readonly log: Buffer; readonly written: number }[] = [];
  let written = 0;
  const take = () => {
    copyFileSync(file, join(folder, 'then.db'));
    const log = readFileSync(`${file}-wal`);
    moments.push({ database: readFileSync(join(folder, 'then.db')), log, written });
  };
  let isOver = false;
  const copying = (async () => {
    for (let time = 0; time < 40; time += 1) {
      await use.checkpoint();
    }
    isOver = true;
  })();
  while (!isOver) {
    // Now and then nothing is written while the log is copied, so that it could be copied whole.
    await pause(Math.random() * 4);
    await writing.raw('insert into things (number) values (?)', [written + 1]);
    written += 1;
    take();
  }
  await copying;
  await other.destroy();
  await use.end(true);
  t.true(moments.length > 3);
  for (const [at, moment] of moments.entries()) {
    const copy = join(await makeFolder(t), 'pay.db');
    await writeFile(copy, moment.database);
    await writeFile(`${copy}-wal`, moment.log);
    await t.notThrowsAsync(async () => (await holdDatabase(copy)).release(), `after ${at + 1} writes`);
    const reader = openWriter(copy);
    const rows: readonly unknown[] = await reader.raw('select number from things');
    t.is(rows.length, moment.written);
    await reader.destroy();
  }
}
