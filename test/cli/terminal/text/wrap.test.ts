import test from 'ava';
import fc from 'fast-check';
import stringWidth from 'string-width';
import { wrapBeside } from '../../../../cli/terminal/text/wrap.js';

const beside = (text: string, indent: number, width: number) => wrapBeside(text, indent, width).text;

const id = 'pay_01KAPQZ5Z0F2001N4W8T6B2XKQ';

test('what fits stays as it is', (t) => {
  t.is(beside('lunch', 10, 80), 'lunch');
});

test('words that do not fit go on below the first ones', (t) => {
  t.is(
    beside('lunch at the place by the river', 10, 35),
    `lunch at the place by the\n${' '.repeat(10)}river`,
  );
});

test('an id that does not fit beside its label stands whole below it', (t) => {
  t.is(beside(id, 12, 40), `\n  ${id}`);
});

test('text without spaces is broken where the line ends', (t) => {
  t.is(
    beside('旅館の宿泊費三泊分ありがとうございました', 10, 36),
    `旅館の宿泊費三泊分ありがと\n${' '.repeat(10)}うございました`,
  );
});

test('no line is longer than the terminal, and nothing is lost', (t) => {
  t.notThrows(() =>
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme-ascii', maxLength: 80 }),
        fc.integer({ min: 40, max: 120 }),
        (text, width) => {
          const words = text.trim().replaceAll(/ +/g, ' ');
          const lines = `${' '.repeat(15)}${beside(words, 15, width)}`.split('\n');
          return (
            lines.every((line) => stringWidth(line) <= width) &&
            lines.join('').replaceAll(' ', '') === words.replaceAll(' ', '')
          );
        },
      ),
      { numRuns: 500 },
    ),
  );
});
