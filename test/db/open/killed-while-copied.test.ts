import { copyFileSync, existsSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { type Database, openWriter } from '../../../db/connect.js';
import { guardLog } from '../../../db/open/guard-log.js';
import { leaveLogAlone } from '../../../db/open/log-steps.js';
import { holdDatabase } from '../../../db/open/open-database.js';
import { beginUse } from '../../../db/open/use-database.js';
import { makeThings, newFile } from './support/things.js';

/** The files as they lay on the disk after each write, with how many rows were acknowledged until then. */
interface Moment {
  readonly database: Buffer;
  readonly log: Buffer | undefined;
  readonly written: number;
}

/** Writes row after row until it is over, and gives what each time was on the disk. */
async function writeUntil(file: string, writer: Database, isOver: () => boolean): Promise<readonly Moment[]> {
  const moments: Moment[] = [];
  for (let written = 1; !isOver(); written += 1) {
    // Now and then nothing is written while the log is copied, so that it could be copied whole.
    await pause(Math.random() * 4);
    await writer.raw('insert into things (number) values (?)', [written]);
    copyFileSync(file, `${file}.then`);
    const log = existsSync(`${file}-wal`) ? readFileSync(`${file}-wal`) : undefined;
    moments.push({ database: readFileSync(`${file}.then`), log, written });
  }
  return moments;
}

async function startsAfterEach(t: ExecutionContext, moments: readonly Moment[]): Promise<void> {
  t.true(moments.length > 3);
  for (const { database, log, written } of moments) {
    const copy = await newFile(t);
    await writeFile(copy, database);
    if (log !== undefined) {
      await writeFile(`${copy}-wal`, log);
    }
    await t.notThrowsAsync(async () => (await holdDatabase(copy)).release(), `after ${written} writes`);
    const reader = openWriter(copy);
    const rows: readonly unknown[] = await reader.raw('select number from things');
    t.is(rows.length, written);
    await reader.destroy();
  }
}

/** A program beside the server, which leaves the log as it is. */
async function openBeside(file: string): Promise<{ readonly writer: Database; close(): Promise<void> }> {
  const guard = await guardLog(file);
  const writer = openWriter(file);
  await leaveLogAlone(writer);
  return {
    writer,
    async close() {
      await writer.destroy();
      await guard.release();
    },
  };
}

for (const who of ['its server', 'another program'] as const) {
  test(`a database starts, wherever a kill came while its log was copied and ${who} wrote`, async (t) => {
    const file = await makeThings(await newFile(t));
    const writer = openWriter(file);
    const use = await beginUse(writer, file);
    const beside = await openBeside(file);
    let isOver = false;
    const copying = (async () => {
      for (let time = 0; time < 40; time += 1) {
        await use.checkpoint();
      }
      isOver = true;
    })();
    const moments = await writeUntil(file, who === 'its server' ? writer : beside.writer, () => isOver);
    await copying;
    await beside.close();
    await use.end(true);
    await startsAfterEach(t, moments);
  });
}

test('a database starts, wherever a kill came while servers ended in order and another program wrote', async (t) => {
  const file = await makeThings(await newFile(t));
  const beside = await openBeside(file);
  let isOver = false;
  const serving = (async () => {
    for (let time = 0; time < 12; time += 1) {
      const use = await beginUse(openWriter(file), file);
      await use.end(true);
    }
    isOver = true;
  })();
  const moments = await writeUntil(file, beside.writer, () => isOver);
  await serving;
  await beside.close();
  await startsAfterEach(t, moments);
});
