import { chmod, copyFile, mkdir, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { openWriter } from '../../../db/connect.js';
import { payServer, startChild } from '../../db/support/processes.js';
import { sampleBooks } from './support/sample-books.js';

const nobody = 65_534;
/** The options of a process that permissions count for. */
const asNobody = process.getuid?.() === 0 ? { uid: nobody } : {};

/** Books at rest, kept with a log, in a folder that may be looked at and no more. */
async function lockedBooks(t: ExecutionContext): Promise<string> {
  const file = await sampleBooks(t);
  const outer = dirname(file);
  const data = join(outer, 'data');
  await mkdir(data);
  await copyFile(file, join(data, 'pay.db'));
  const writer = openWriter(join(data, 'pay.db'));
  await writer.raw('select 1');
  await writer.destroy();
  await chmod(outer, 0o755);
  await chmod(join(data, 'pay.db'), 0o644);
  await chmod(data, 0o555);
  t.teardown(() => chmod(data, 0o755));
  return data;
}

async function checked(t: ExecutionContext, data: string): Promise<string> {
  const child = startChild(t, process.execPath, [payServer, 'check', '--data', data], asNobody);
  t.is(await child.ended, 1);
  return child.stderr();
}

test('books that cannot be read for want of permission are not taken for damaged', async (t) => {
  const data = await lockedBooks(t);
  const stderr = await checked(t, data);
  t.regex(stderr, /pay\.db cannot be read where nothing can be written beside it \(EACCES\).*--database-url/);
  t.notRegex(stderr, /damaged/);
  t.deepEqual(await readdir(data), ['pay.db']);
});

test('a folder that may not be looked into is not taken for one without a database', async (t) => {
  const data = await lockedBooks(t);
  await chmod(data, process.getuid?.() === 0 ? 0o700 : 0o000);
  t.regex(await checked(t, data), /pay\.db cannot be looked at \(EACCES\)\. Give this user permission/);
});
