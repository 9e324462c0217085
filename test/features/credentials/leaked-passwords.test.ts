import { hash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { execa } from 'execa';
import { LeakedListFault, openLeakedList } from '../../../server/features/credentials/leaked-passwords.js';
import { makePasswordJudge } from '../../../server/features/credentials/password-strength.js';

const sha1 = (password: string) => hash('sha1', password, 'hex').toUpperCase();

async function listOf(t: ExecutionContext, text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'pay-leaked-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'leaked.txt');
  await writeFile(file, text);
  return file;
}

const leaked = Array.from({ length: 2_000 }, (_, index) => `violet-harbour-${index}-lantern`);

for (const [form, line, end] of [
  ['with counts, as it is downloaded', (sum: string, index: number) => `${sum}:${index ** 3}`, '\r\n'],
  ['bare and in small letters', (sum: string) => sum.toLowerCase(), '\n'],
] as const) {
  test(`each password of a list is found and no other: ${form}`, async (t) => {
    const lines = leaked.map(sha1).sort().map(line);
    for (const text of [`${lines.join(end)}${end}`, lines.join(end)]) {
      const isLeaked = await openLeakedList(await listOf(t, text));
      for (const password of leaked) {
        t.true(await isLeaked(password), password);
      }
      for (const password of leaked.slice(0, 200)) {
        t.false(await isLeaked(`${password}!`));
      }
    }
  });
}

test('a list of one, and of none', async (t) => {
  const isLeaked = await openLeakedList(await listOf(t, sha1('one')));
  t.deepEqual([await isLeaked('one'), await isLeaked('two')], [true, false]);
  for (const text of ['', 'one\ntwo\n', `${sha1('one')}x\n`]) {
    await t.throwsAsync(listOf(t, text).then(openLeakedList), { instanceOf: LeakedListFault });
  }
  await t.throwsAsync(openLeakedList('/nowhere/at/all'), { instanceOf: LeakedListFault, message: /ENOENT/ });
  // A folder can be opened, and not be read.
  await t.throwsAsync(openLeakedList(tmpdir()), { instanceOf: LeakedListFault, message: /EISDIR/ });
  const pipe = `${await listOf(t, '')}.pipe`;
  await execa('mkfifo', [pipe]);
  await t.throwsAsync(openLeakedList(pipe), { instanceOf: LeakedListFault, message: /ESPIPE/ });
});

test('a password that has leaked is refused, however strong it looks', async (t) => {
  const [first = ''] = leaked;
  const isLeaked = await openLeakedList(await listOf(t, sha1(first)));
  const judge = makePasswordJudge([], undefined, isLeaked);
  const owner = { username: 'bob', email: 'bob@example.org' };
  t.regex(String(await judge(first, owner, 'here')), /leaked/);
  t.is(await judge(`${first}-and-more`, owner, 'here'), undefined);
});
