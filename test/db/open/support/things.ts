import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { openWriter } from '../../../../db/connect.js';
import { holdDatabase } from '../../../../db/open/open-database.js';
import { beginUse } from '../../../../db/open/use-database.js';

/** The name of a database that is not there yet, in a folder that goes when the test ends. */
export async function newFile(t: ExecutionContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'pay-things-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  return join(folder, 'pay.db');
}

/** Makes a database at rest in this file, with a table of things. */
export async function makeThings(file: string): Promise<string> {
  await (await holdDatabase(file)).release();
  const writer = openWriter(file);
  const use = await beginUse(writer, file);
  await writer.raw('create table things (number integer primary key, text)');
  await use.end(true);
  return file;
}
