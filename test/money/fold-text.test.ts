import test from 'ava';
import fc from 'fast-check';
import { foldText } from '../../server/money/fold-text.js';

const holds = (text: string, part: string) => foldText(text).includes(foldText(part));

test('what differs in case or in normal form alone is found', (t) => {
  for (const [text, part] of [
    ['ΜΙΣΘΟΣ', 'ΜΙΣ'],
    ['μισθός', 'ΜΙΣ'],
    ['Ο ΜΙΣΘΌΣ', 'μισθός'],
    ['Straße', 'STRASSE'],
    ['STRASSE', 'straße'],
    ['GROẞ', 'gross'],
    ['Caf\u00e9', 'cafe\u0301'],
    ['Cafe\u0301', 'CAF\u00c9'],
    ['ﬁnal', 'FINAL'],
    ['Lunch', 'lUNCH'],
  ] as const) {
    t.true(holds(text, part), `${text} holds ${part}`);
  }
  t.false(holds('resume', 'résumé'));
});

test('folded once is folded for good, whatever the text', (t) => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 20 }), (text) => {
      const folded = foldText(text);
      t.is(foldText(folded), folded);
      t.is(foldText(text.normalize('NFD')), folded);
      t.is(foldText(text.toUpperCase()), folded);
    }),
    { numRuns: 2_000 },
  );
});
