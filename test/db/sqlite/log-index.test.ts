import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import fc from 'fast-check';
import { openNew } from '../../../db/connect.js';
import { indexBytes, readIndex } from '../../../db/sqlite/log-index.js';
import { readLogHeader } from '../../../db/sqlite/scan-log.js';
import { makeFolder } from '../support/database.js';

/** An index as SQLite writes it, and what SQLite says of its log. */
async function makeIndex(t: ExecutionContext) {
  const file = join(await makeFolder(t), 'some.db');
  const database = openNew(file);
  try {
    await database.raw('create table numbers (number integer)');
    await database.raw('insert into numbers values (1)');
    const [state] = await database.raw('PRAGMA wal_checkpoint(NOOP)');
    const index = await readFile(`${file}-shm`);
    return { index, frames: state.log, salts: readLogHeader(await readFile(`${file}-wal`))?.salts };
  } finally {
    await database.destroy();
  }
}

test('the index that SQLite writes tells its log and the frames that are committed', async (t) => {
  const { index, frames, salts } = await makeIndex(t);
  t.true(frames > 1);
  t.deepEqual(readIndex(index), { salts: salts as [number, number], frames });
});

test('a copy that is not sound says nothing: the other does, or none', async (t) => {
  const { index } = await makeIndex(t);
  const said = readIndex(index);
  const bit = fc.integer({ min: 0, max: 48 * 8 - 1 });
  const flip = (bytes: Buffer, at: number) => {
    bytes[at >> 3] = (bytes[at >> 3] ?? 0) ^ (1 << (at % 8));
  };
  fc.assert(
    fc.property(bit, bit, fc.boolean(), (one, other, isSecond) => {
      const once = Buffer.from(index);
      flip(once, (isSecond ? 48 * 8 : 0) + one);
      t.deepEqual(readIndex(once), said);
      const twice = Buffer.from(index);
      flip(twice, one);
      flip(twice, 48 * 8 + other);
      t.is(readIndex(twice), undefined);
    }),
  );
});

test('of an index that is cut, empty or zeroed nothing is taken', async (t) => {
  const { index } = await makeIndex(t);
  for (const length of [0, 3, 48, indexBytes - 1]) {
    t.is(readIndex(index.subarray(0, length)), undefined);
  }
  t.is(readIndex(Buffer.alloc(32_768)), undefined);
});
