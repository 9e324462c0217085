import test from 'ava';
import { execa } from 'execa';
import fc from 'fast-check';
import { splitLine } from '../../../cli/shell/split-line.js';
import { shellCommand } from '../../../cli/terminal/text/shell-quote.js';

const textsOf = (line: string) => splitLine(line).words.map(({ text }) => text);

test('quotes and backslashes mean what they mean in sh', async (t) => {
  const lines = [
    'send bob 10 --memo "two  words"',
    `'single "double" inside' "double 'single' inside"`,
    `a'b'"c"\\ d`,
    String.raw`"a \"quoted\" \\ \n \z" \a\\b`,
    `'' "" x''y`,
    'one # two three',
    'one#two',
    "'it'\\''s'",
    '  spaces\t and tabs  ',
    'back\\\nslash "in\\\nquotes" \\\n  next',
    '\'a\nb\' "c\nd"',
    'ünï 日本 "🏠 home"',
  ];
  for (const line of lines) {
    // Each word ends with a NUL, so that empty ones and line breaks are seen.
    const { stdout } = await execa('sh', ['-c', `printf '%s\\0' ${line}\n`], { stripFinalNewline: false });
    t.deepEqual(textsOf(line), stdout.split('\0').slice(0, -1), line);
    t.is(splitLine(line).open, undefined, line);
  }
});

test('variables, patterns and operators are only characters', (t) => {
  t.deepEqual(textsOf('send $bob *.txt ~ `x` | head; a && b > c & $(d) {e,f}'), [
    ...['send', '$bob', '*.txt', '~', '`x`', '|', 'head;', 'a', '&&', 'b', '>', 'c', '&', '$(d)', '{e,f}'],
  ]);
});

test('what is not closed says what is open', (t) => {
  const openOf = (line: string) => splitLine(line).open;
  t.is(openOf("send 'bob"), "'");
  t.is(openOf('send "bob\\"'), '"');
  t.is(openOf("send $'bob"), "$'");
  t.is(openOf('send bob\\'), '\\');
  t.is(openOf("send 'bob' # it's"), undefined);
  t.deepEqual(textsOf('send "half a'), ['send', 'half a']);
});

test('whatever words a command line was written from, it is split into them again', (t) => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 1 }), (words) => {
      t.deepEqual(textsOf(shellCommand(words)), words);
    }),
  );
});
