import test from 'ava';
import fc from 'fast-check';
import { hasHidden, safeJson, visible } from '../../../../cli/terminal/text/visible.js';

const hostile = fc.string({ unit: 'binary', maxLength: 40 });

// Written apart from the program's own expression: the ranges that terminals obey or hide.
const dangerous = /[\p{Cc}\u200b\u200e\u200f\u202a-\u202e\u2028\u2029\u2066-\u2069\ufeff]/u;

test('plain text, accents, emoji families and Persian joiners stay as they are', (t) => {
  for (const text of ['lunch', 'Ünïcödé', '👩‍👩‍👧', 'می‌خواهم', '日本', '🏠️']) {
    t.is(visible(text), text);
    t.false(hasHidden(text));
  }
});

test('escape sequences, C1, bidi, separators, tabs and lone surrogates become their numbers', (t) => {
  t.is(visible('a\u001b[31mb'), 'a‹U+001B›[31mb');
  t.is(visible('\u009b2J'), '‹U+009B›2J');
  t.is(visible('\u202egpj.exe'), '‹U+202E›gpj.exe');
  t.is(visible('a\tb\r\nc'), 'a‹U+0009›b‹U+000D›‹U+000A›c');
  t.is(visible('a\u2028b\u200bc\ufeff'), 'a‹U+2028›b‹U+200B›c‹U+FEFF›');
  t.is(visible('\ud800'), '‹U+D800›');
  t.is(visible('\u{e0041}'), '‹U+E0041›');
});

test('nothing that a terminal obeys is left in any text, and making visible twice changes nothing', (t) => {
  t.notThrows(() =>
    fc.assert(
      fc.property(hostile, (text) => {
        const shown = visible(text);
        return !dangerous.test(shown) && visible(shown) === shown;
      }),
      { numRuns: 5_000 },
    ),
  );
});

test('JSON is read back as the same value and holds nothing that a terminal obeys', (t) => {
  t.notThrows(() =>
    fc.assert(
      fc.property(fc.dictionary(hostile, hostile), (value) => {
        const text = safeJson(value);
        t.deepEqual(JSON.parse(text), value);
        return !dangerous.test(text);
      }),
      { numRuns: 2_000 },
    ),
  );
  t.is(safeJson({ a: '\u{e0041}\u009b' }), '{"a":"\\udb40\\udc41\\u009b"}');
  t.is(safeJson({ a: 1 }, 2), '{\n  "a": 1\n}');
});
