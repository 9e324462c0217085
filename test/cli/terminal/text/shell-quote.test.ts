import test from 'ava';
import { execa } from 'execa';
import fc from 'fast-check';
import { shellCommand, shellQuote } from '../../../../cli/terminal/text/shell-quote.js';
import { hasHidden } from '../../../../cli/terminal/text/visible.js';

test('words that need no quotes have none, others are quoted as people do', (t) => {
  t.is(
    shellCommand(['pay', 'send', 'bob', '10.50', '--memo', "it's lunch"]),
    "pay send bob 10.50 --memo 'it'\\''s lunch'",
  );
  t.is(shellQuote(''), "''");
  t.is(shellQuote('$(rm -rf ~)'), "'$(rm -rf ~)'");
});

test('a word with hidden characters is printed without them', (t) => {
  t.is(shellQuote('a\u001bb'), "$'a\\x1bb'");
  t.false(hasHidden(shellQuote('\u202ex\n')));
});

test('a real shell reads every word back as it was', async (t) => {
  // A NUL cannot be an argument, and a lone surrogate is no text.
  const word = fc
    .string({ unit: 'binary', maxLength: 20 })
    .filter((text) => !/\p{Cs}/u.test(text) && !text.includes('\0'));
  await fc.assert(
    fc.asyncProperty(fc.array(word, { minLength: 1, maxLength: 200 }), async (words) => {
      const { stdout } = await execa('bash', ['--norc', '-c', `printf '%s\\0' ${shellCommand(words)}`]);
      return stdout === words.map((text) => `${text}\0`).join('');
    }),
    { numRuns: 20 },
  );
  t.pass();
});
