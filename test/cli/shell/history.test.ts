import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { belongsInHistory } from '../../../cli/shell/belongs-in-history.js';
import { openHistory } from '../../../cli/shell/history.js';
import { makeFolder } from '../support/run-pay.js';

test('several shells at once lose no line, and only the owner can read them', async (t) => {
  const folder = await makeFolder();
  const shells = await Promise.all([1, 2, 3].map(() => openHistory(folder)));
  for (const [number, shell] of shells.entries()) {
    for (let line = 0; line < 10; line += 1) {
      shell.add(`send bob ${number}.${line}`, true);
    }
  }
  await Promise.all(shells.map((shell) => shell.saved()));
  const path = join(folder, 'history');
  const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');
  t.is(new Set(lines).size, 30);
  t.is((await stat(path)).mode & 0o777, 0o600);
  t.is((await openHistory(folder)).lines()[0], lines.at(-1));
});

test('a line twice in a row is one, and one that is not to be kept is known to this shell alone', async (t) => {
  const folder = await makeFolder();
  const history = await openHistory(folder);
  history.add('balance', true);
  history.add('balance', true);
  history.add('maple-7-otter', false);
  await history.saved();
  t.deepEqual(history.lines(), ['maple-7-otter', 'balance']);
  t.deepEqual((await openHistory(folder)).lines(), ['balance']);
});

test('the file does not grow without end', async (t) => {
  const folder = await makeFolder();
  const path = join(folder, 'history');
  await writeFile(path, [...Array(2_500).keys()].map((number) => `show ${number}\n`).join(''));
  const history = await openHistory(folder);
  t.is(history.lines().length, 1_000);
  t.is(history.lines()[0], 'show 2499');
  t.is((await readFile(path, 'utf8')).split('\n').length, 1_001);
});

test('a line that holds a secret, or may hold one, is not kept', (t) => {
  const names = ['send', 'login', 'api', 'tokens'];
  const isRecorded = (line: string, wasDone = true) =>
    belongsInHistory(line, line.trim().split(' ')[0], names, wasDone);
  t.true(isRecorded('send bob 10 --memo "the password is elsewhere"'));
  t.true(isRecorded('send bob 10', false));
  t.true(isRecorded('login alice'));
  t.true(isRecorded('tokens create --name backup'));
  t.false(isRecorded('login alice maple-7-otter', false));
  t.false(isRecorded('maple-7-otter'));
  t.false(isRecorded(' send bob 10'));
  t.false(isRecorded('api GET /v1/me --field x=pay_ses_abc'));
  t.false(isRecorded('send bob 10 --memo pay_pat_abc'));
  t.false(isRecorded('api POST /v1/sessions --field username=alice --field password=maple-7-otter'));
  t.false(isRecorded(`api POST /v1/me/password --body '{"currentPassword" : "x"}'`));
});
