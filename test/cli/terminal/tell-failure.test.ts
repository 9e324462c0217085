import test from 'ava';
import { Failure, type FailureDetails } from '../../../cli/failure/failure.js';
import type { Screen } from '../../../cli/terminal/screen.js';
import { tellFailure, wordsAskForJson } from '../../../cli/terminal/tell-failure.js';
import { plainPen } from '../../../cli/terminal/text/colours.js';

async function toldAsJson(details: FailureDetails, calledAs: string): Promise<unknown> {
  let told = '';
  const stderr = {
    pen: plainPen(),
    write: async ({ text }: { readonly text: string }) => {
      told += text;
    },
  } as unknown as Screen;
  await tellFailure(new Failure('unknown', 'It is not known.', details), { stderr, calledAs }, true);
  return JSON.parse(told);
}

test('the command that settles is named to programs as this one is called, and its words do not change', async (t) => {
  const settle = "pay send bob 10 --memo '(pay rent)' --key k1 --yes";
  const details = { next: ['Settle it with this command:', settle], settle };
  for (const calledAs of ['pay', 'bin/pay']) {
    const typed = settle.replace('pay', calledAs);
    const document = (await toldAsJson(details, calledAs)) as Record<string, unknown>;
    t.deepEqual([document.settle, document.next], [typed, [details.next[0], typed]]);
  }
});

test('a failure with nothing to settle names no command that does', async (t) => {
  t.false(Object.hasOwn((await toldAsJson({}, 'bin/pay')) as object, 'settle'));
});

test('what asks for JSON stands before the end of the flags', (t) => {
  for (const words of [
    ['--json'],
    ['send', 'bob', '--fields', 'id'],
    ['--jq=.id', '--', 'bob'],
    ['--json', '--'],
  ]) {
    t.true(wordsAskForJson(words), words.join(' '));
  }
  for (const words of [
    [],
    ['send'],
    ['--', '--json'],
    ['send', '--', 'bob', '--fields=id'],
    ['--', '--jq', '.'],
  ]) {
    t.false(wordsAskForJson(words), words.join(' '));
  }
});
