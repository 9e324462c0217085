import test from 'ava';
import { replacement, typedWord } from '../../../cli/shell/complete-line.js';

const candidates = (...values: string[]) => values.map((value) => ({ value, description: '' }));
const complete = (line: string, ...values: string[]) => replacement(candidates(...values), typedWord(line));

test('the word that is typed is the last, or an empty one after a space', (t) => {
  t.deepEqual(typedWord(''), { words: [''], raw: '' });
  t.deepEqual(typedWord('send '), { words: ['send', ''], raw: '' });
  t.deepEqual(typedWord('send bo'), { words: ['send', 'bo'], raw: 'bo' });
  t.deepEqual(typedWord(`send --memo 'two wo`), { words: ['send', '--memo', 'two wo'], raw: `'two wo` });
  t.deepEqual(typedWord('send bo\\ '), { words: ['send', 'bo '], raw: 'bo\\ ' });
});

test('the only one is put in whole, with a space behind it', (t) => {
  t.is(complete('send bo', 'bob'), 'bob ');
  t.is(complete('profiles use al', 'alice at work'), `'alice at work' `);
});

test('of several, what they have in common is put in, and nothing where that is there already', (t) => {
  t.is(complete('requests s', 'show', 'shout'), 'sho');
  t.is(complete('re', 're', 'request', 'requests'), undefined);
  t.is(complete('convert 1 e', 'EUR', 'EGP'), undefined);
  t.is(complete('profiles use ', 'at work one', 'at work two'), `'at work `);
});
