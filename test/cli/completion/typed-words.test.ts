import test from 'ava';
import { typedWords } from '../../../cli/completion/typed-words.js';

test('words without quotes stay as they are', (t) => {
  t.deepEqual(typedWords(['send', 'bob', '']), ['send', 'bob', '']);
  t.deepEqual(typedWords(['--memo', "it's", '--y']), ['--memo', "it's", '--y']);
});

test('quotes and backslashes are taken away, and blanks within them join what was cut', (t) => {
  t.deepEqual(typedWords(['--memo', '"paid', 'cash"', 'bo']), ['--memo', 'paid cash', 'bo']);
  t.deepEqual(typedWords(['--memo', '"paid cash"', 'bo']), ['--memo', 'paid cash', 'bo']);
  t.deepEqual(typedWords(["--memo='a", "b'", 'x']), ['--memo=a b', 'x']);
  t.deepEqual(typedWords(['paid\\', 'cash', "it\\'s"]), ['paid cash', "it's"]);
  t.deepEqual(typedWords(['back\\\\', 'x']), ['back\\', 'x']);
});

test('a quote that is still open is that of the word being typed', (t) => {
  t.deepEqual(typedWords(['send', '"bo']), ['send', 'bo']);
  t.deepEqual(typedWords(['send', "'"]), ['send', '']);
});
