import test from 'ava';
import fc from 'fast-check';
import stringWidth from 'string-width';
import type { Screen } from '../../../cli/terminal/screen.js';
import { talkText } from '../../../cli/terminal/talk.js';
import { wordsAsCalled } from '../../../cli/terminal/text/as-called.js';
import { plainPen } from '../../../cli/terminal/text/colours.js';
import { asItStands } from '../../../cli/terminal/text/shown.js';

const screen = (width: number, isTerminal = true) =>
  ({ width, isTerminal, pen: plainPen() }) as unknown as Screen;

const told = async (text: string, where: Screen) => (await talkText(asItStands(text), where)).text;

test('the command of a line is written as it is typed here, and nothing else of it changes', (t) => {
  for (const [line, wanted] of [
    ['Log in: pay login', 'Log in: bin/pay login'],
    ['pay send bob 10 --memo "rent: pay it"', 'bin/pay send bob 10 --memo "rent: pay it"'],
    ['See `pay profiles list`, or ask.', 'See `bin/pay profiles list`, or ask.'],
    ['Check that it runs (pay-server start).', 'Check that it runs (bin/pay-server start).'],
    ['echo x | pay password', 'echo x | bin/pay password'],
    ['source <(pay completion bash)', 'source <(bin/pay completion bash)'],
    ['Bob can pay you again.', 'Bob can pay you again.'],
    ['Split it: payouts are long', 'Split it: payouts are long'],
  ] as const) {
    t.is(wordsAsCalled(line, 'bin/pay'), wanted);
    t.is(wordsAsCalled(line, 'pay'), line);
  }
});

test('talk is broken between words, and goes on below its first word', async (t) => {
  t.is(
    await told('✗ There is no profile alcie.\n  → Or make an account that is called so', screen(30)),
    '✗ There is no profile alcie.\n  → Or make an account that is\n    called so',
  );
});

test('a command that does not fit stands on a line of its own, in one piece', async (t) => {
  const settle = 'pay send bob 10 --memo lunch --key 0123456789';
  t.is(
    await told(`  → Settle it, for it may be so: ${settle}\n${settle}`, screen(30)),
    `  → Settle it, for it may be\n    so:\n    ${settle}\n${settle}`,
  );
});

test('a pipe gets every line as it is', async (t) => {
  const text = 'word '.repeat(40);
  t.is(await told(text, screen(20, false)), text);
});

test('at every width no line of words is too long and no word is lost', async (t) => {
  const word = fc.stringMatching(/^[a-z]{1,10}$/);
  await fc.assert(
    fc.asyncProperty(
      fc.array(word, { maxLength: 40 }),
      fc.integer({ min: 20, max: 100 }),
      async (words, width) => {
        const text = await told(`✗ ${words.join(' ')}`, screen(width));
        const isFitting = text.split('\n').every((line) => stringWidth(line) <= width);
        return isFitting && text.split(/\s+/).slice(1).filter(Boolean).join(' ') === words.join(' ');
      },
    ),
  );
  t.pass();
});
