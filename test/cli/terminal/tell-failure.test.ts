import test from 'ava';
import { wordsAskForJson } from '../../../cli/terminal/tell-failure.js';

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
