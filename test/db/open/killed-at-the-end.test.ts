import { copyFileSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { openWriter } from '../../../db/connect.js';
import { holdDatabase } from '../../../db/open/open-database.js';
import { beginUse } from '../../../db/open/use-database.js';

/** A database with its log, as they were on the disk. */
interface Moment {
  readonly before: string;
  readonly database: Buffer;
  readonly log: Buffer;
}

async function makeFolder(t: ExecutionContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'pay-end-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** What lay on the disk before each statement of an end in order. */
async function momentsOfEnd(t: ExecutionContext): Promise<readonly Moment[]> {
  const folder = await makeFolder(t);
  const file = join(folder, 'pay.db');
  await (await holdDatabase(file)).release();
  const writer = openWriter(file);
  const use = await beginUse(writer, file);
  await writer.raw(
    'insert into inboxes (user_id, read_up_to) select 1, 1 where exists (select 1 from users)',
  );
  const moments: Moment[] = [];
  writer.on('query', ({ sql }: { readonly sql: string }) => {
    copyFileSync(file, join(folder, 'then.db'));
    const log = readFileSync(`${file}-wal`);
    moments.push({ before: sql, database: readFileSync(join(folder, 'then.db')), log });
  });
  await use.end(true);
  return moments;
}

/** Whether a start takes a database for whole that was left so. */
async function starts(t: ExecutionContext, { database, log }: Moment): Promise<void> {
  const file = join(await makeFolder(t), 'pay.db');
  await writeFile(file, database);
  await writeFile(`${file}-wal`, log);
  await t.notThrowsAsync(async () => (await holdDatabase(file)).release());
}

test('a database whose end was cut short by a kill starts, wherever that was', async (t) => {
  const moments = await momentsOfEnd(t);
  t.true(moments.some(({ before }) => /user_version = -/.test(before)));
  for (const moment of moments) {
    await starts(t, moment);
  }
});

test('also where it was in the midst of the mark of the end', async (t) => {
  const moments = await momentsOfEnd(t);
  const marking = moments.findIndex(({ before }) => /user_version = -/.test(before));
  const [then, after] = [moments[marking], moments[marking + 1]] as [Moment, Moment];
  t.true(after.log.length >= 32 + 24 + 4096);
  for (const written of [32, 40, 56, 57, 1_000, 32 + 24 + 4_095, 32 + 24 + 4_096]) {
    const log = Buffer.concat([after.log.subarray(0, written), then.log.subarray(written)]);
    await starts(t, { ...then, log });
  }
});
