import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { helpTopics } from '../../../cli/help/help-topics.js';
import { manPages } from '../../../cli/man/pages.js';
import { inline, line } from '../../../cli/man/roff.js';
import { commands } from '../../../cli/program/commands.js';
import { needsProgram, testWith } from '../../support/needs.js';

const built = join(import.meta.dirname, '../../../../man');

test('every command and every topic has a page, and so have the programs', async (t) => {
  const names = [
    'pay.1',
    ...commands.map(({ name }) => `pay-${name}.1`),
    ...helpTopics.map(({ name }) => `pay-${name}.7`),
  ];
  t.deepEqual((await manPages()).map(({ file }) => file).toSorted(), names.toSorted());
  t.deepEqual(
    ['man1', 'man7', 'man8'].flatMap((section) => readdirSync(join(built, section))).toSorted(),
    [...names, 'pay-server.8', 'pay-time.8'].toSorted(),
  );
});

test('a page has what the help has: examples, arguments, flags, commands below', async (t) => {
  const pages = new Map((await manPages()).map(({ file, text }) => [file, text]));
  const send = pages.get('pay-send.1') ?? '';
  t.regex(send, /^\.TH "PAY\\-SEND" 1 /);
  t.regex(send, /\npay send bob 10 \\-\\-memo lunch /);
  t.regex(send, /\n\.TP\n\.B "\\-\\-max <amount>"\n/);
  t.notRegex(send, /\\-\\-jq/);
  t.regex(pages.get('pay.1') ?? '', /\\-\\-jq/);
  t.regex(pages.get('pay-requests.1') ?? '', /\n\.SS "pay requests accept \[options\] \[id\]"\n/);
  t.regex(pages.get('pay-exit-codes.7') ?? '', /\n +130 {2}/);
});

test('a page has the paragraphs of the help, too', async (t) => {
  const pages = new Map((await manPages()).map(({ file, text }) => [file, text]));
  t.regex(pages.get('pay-whoami.1') ?? '', /\.SH "Description"\n\.PP\n.*does not ask the server/);
  for (const name of ['stats', 'statement', 'completion']) {
    t.regex(pages.get(`pay-${name}.1`) ?? '', /\.SH "Description"\n\.PP\n/, name);
  }
});

test('a page of a program has what its help says after the flags', (t) => {
  const page = (name: string) => readFileSync(join(built, 'man8', name), 'utf8');
  t.regex(page('pay-time.8'), /\.SH "Notes"\n\.nf\nExamples:\n {2}pay\\-time\n/);
  const server = page('pay-server.8');
  t.regex(server, /\.SS "pay\\-server start [\s\S]*\n +PAY_REFUND_DAYS /);
  t.regex(server, /\.SS "pay\\-server doctor [\s\S]*\nMarks: /);
});

test('what troff would take for its own means itself', (t) => {
  t.is(inline('C:\\new --flag'), 'C:\\enew \\-\\-flag');
  t.is(line('.SH is no heading'), '\\&.SH is no heading');
  t.is(line("'tis"), "\\&'tis");
});

testWith(needsProgram('groff'))('troff has nothing to complain of', (t) => {
  const files = ['man1', 'man7', 'man8'].flatMap((section) =>
    readdirSync(join(built, section)).map((name) => join(section, name)),
  );
  t.true(files.length > commands.length);
  for (const file of files) {
    const words = ['-man', '-Tutf8', '-Kutf8', '-ww', '-z', join(built, file)];
    t.is(spawnSync('groff', words, { encoding: 'utf8' }).stderr, '', file);
  }
});
