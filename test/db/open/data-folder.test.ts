import { chmod, mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { makeFolder } from '../../../db/files/data-folder.js';
import { DatabaseProblem } from '../../../db/files/database-problem.js';

const modeOf = async (folder: string) => ((await stat(folder)).mode & 0o7777).toString(8);

/** A folder of this mode with empty files of these names. */
async function folderOf(t: ExecutionContext, mode: number, ...names: readonly string[]): Promise<string> {
  const parent = await mkdtemp(join(tmpdir(), 'pay-folder-'));
  t.teardown(() => rm(parent, { recursive: true }));
  const folder = join(parent, 'data');
  await mkdir(folder);
  await Promise.all(names.map((name) => writeFile(join(folder, name), '')));
  await chmod(folder, mode);
  return folder;
}

test('a data folder that is missing is made, and closed to others', async (t) => {
  const folder = join(await folderOf(t, 0o755), 'deep', 'new');
  await makeFolder(folder);
  t.is(await modeOf(folder), '700');
});

for (const [what, names] of Object.entries({
  'an empty one': [],
  'a volume of its own': ['lost+found'],
  'one of a server': ['pay.db', 'pay.db-wal', 'tls.key', 'notes.txt'],
  'one to which the keys of another server were brought': ['second-factor.keys'],
})) {
  test(`a data folder that is open to others is closed: ${what}`, async (t) => {
    const folder = await folderOf(t, 0o755, ...names);
    await makeFolder(folder);
    t.is(await modeOf(folder), '700');
  });
}

test('a folder that others use stays as it is, and the refusal says what to do', async (t) => {
  for (const [mode, names] of [
    [0o755, ['notes.txt']],
    [0o755, ['lost+found', 'notes.txt']],
    [0o1777, ['pay.db', 'notes.txt']],
  ] as const) {
    const folder = await folderOf(t, mode, ...names);
    const { message } = await t.throwsAsync(makeFolder(folder), { instanceOf: DatabaseProblem });
    t.true(message.includes('such as notes.txt') && message.endsWith(`chmod 0700 ${folder}`));
    t.is(await modeOf(folder), mode.toString(8));
  }
});

test('a folder that is closed already may hold whatever it does', async (t) => {
  const folder = await folderOf(t, 0o700, 'notes.txt');
  await makeFolder(folder);
  t.is(await modeOf(folder), '700');
});
