import test from 'ava';
import fc from 'fast-check';
import { neutralCell } from '../../server/money/neutral-cell.js';

test('a formula at the beginning, behind blanks or quotes, or in signs of full width gets an apostrophe', (t) => {
  for (const cell of ['=1+1', '@SUM(A1)', '+cmd', '-1+2', ' =1', '"=1"', '＝1+1', '＠x']) {
    t.is(neutralCell(cell), `'${cell}`);
  }
  for (const cell of ['-10.00', '+12.70', 'lunch', 'a=b', 'a; b', 'x;y=1', '']) {
    t.is(neutralCell(cell), cell);
  }
});

test('a formula behind what parts cells in another locale gets one, too', (t) => {
  t.is(neutralCell('tea;=1+1'), "tea;'=1+1");
  t.is(neutralCell('tea\t@x'), "tea\t'@x");
  t.is(neutralCell('tea; "=1"'), 'tea;\' "=1"');
  t.is(neutralCell('=1;=2'), "'=1;'=2");
  t.is(neutralCell('tea\n=1+1;'), "tea\n'=1+1;");
  t.is(neutralCell('tea\r\n "=1"'), 'tea\r\n\' "=1"');
});

/** The cells of a line as a spreadsheet parts it that goes by this separator and knows nothing of ours. */
const parted = (line: string, separator: RegExp) =>
  line.split(separator).map((cell) => cell.replace(/^[\s"]+/, ''));

test('wherever a spreadsheet parts a cell, no part begins a formula; and done twice it is done once', (t) => {
  const cell = fc.string({ unit: fc.constantFrom(...'a1.;\t\r\n"\' =+-@＝,'), maxLength: 12 });
  fc.assert(
    fc.property(cell, (text) => {
      const neutral = neutralCell(text);
      t.is(neutralCell(neutral), neutral);
      if (/^[+-]?\d+(?:\.\d+)?$/.test(text)) {
        return;
      }
      for (const separator of [/[;\r\n]/, /[\t\r\n]/]) {
        t.true(
          parted(neutral, separator).every((part) => !/^[=+\-@＝]/.test(part)),
          neutral,
        );
      }
    }),
    { numRuns: 2_000 },
  );
});
