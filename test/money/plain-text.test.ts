import test from 'ava';
import { shownLine, shownText } from '../../server/money/plain-text.js';

const takes = (schema: { safeParse(text: string): { success: boolean } }, text: string) =>
  schema.safeParse(text).success;

test('what others are shown obeys nobody: no control characters, no marks that turn its direction, no halves', (t) => {
  for (const schema of [shownText(20), shownLine(20)]) {
    for (const text of ['a\u001b[2J', 'a\u0000', 'a\u009b', 'a\u007f', 'a\u202e', 'a\u2066', 'a\ud800']) {
      t.false(takes(schema, text), JSON.stringify(text));
    }
    for (const text of ['', 'Zoë', 'नमस्ते', 'می\u200cخواهم', '👩\u200d🚀', 'x'.repeat(20)]) {
      t.true(takes(schema, text), JSON.stringify(text));
    }
    t.false(takes(schema, 'x'.repeat(21)));
  }
});

test('a text may have several lines, a name is of one', (t) => {
  for (const text of ['a\nb', 'a\r\nb', 'a\tb', 'a\u2028b', 'a\u2029b']) {
    t.true(takes(shownText(20), text), JSON.stringify(text));
    t.false(takes(shownLine(20), text), JSON.stringify(text));
  }
  t.false(takes(shownLine(20), 'a\u0085b'));
});
