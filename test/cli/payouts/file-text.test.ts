import test from 'ava';
import { alikeLines } from '../../../cli/payouts/alike-lines.js';
import { digestLines } from '../../../cli/payouts/earlier/line-digest.js';
import { madeText, refusedCountText } from '../../../cli/payouts/file-text.js';
import type { LineResult } from '../../../cli/payouts/line-result.js';

const results = (...statuses: LineResult['status'][]): readonly LineResult[] =>
  statuses.map((status, index) => ({ line: index + 2, to: 'bob', status, payment: null, error: null }));

test('what was paid is counted right, for one and for many', (t) => {
  t.is(madeText(results('paid'), 0, '/a.csv'), 'Made 1 payment of /a.csv.');
  t.is(madeText(results('paid', 'refused', 'paid'), 0, '-'), 'Made 2 payments.');
  t.is(
    madeText(results('paid'), 1, '-'),
    'Made 1 payment. An earlier run had settled it; nobody was paid twice.',
  );
  t.regex(madeText(results('paid', 'paid'), 1, '-'), /had settled 1 of the 2 lines; nobody/);
});

test('what was refused is counted right, for one and for many, and so is what was not', (t) => {
  t.is(refusedCountText(1, 3, false), '1 of 3 lines was refused; the others were paid.');
  t.is(refusedCountText(2, 3, false), '2 of 3 lines were refused; the other was paid.');
  t.is(refusedCountText(1, 2, true), '1 of 2 lines would be refused; the other could be paid.');
  t.is(refusedCountText(1, 1, false), 'The one line was refused.');
  t.is(refusedCountText(3, 3, false), 'All 3 lines were refused; nobody was paid.');
});

test('groups of alike lines beyond the first ten are counted right, for one and for many', (t) => {
  const lastOf = (groups: number) => {
    const rows = Array.from({ length: groups * 2 }, (_, index) => ({
      line: index + 2,
      to: `user${index % groups}`,
      amount: '1',
    }));
    return alikeLines(digestLines(rows, 'GBP')).at(-1);
  };
  t.is(lastOf(11), 'And 1 more such group.');
  t.is(lastOf(12), 'And 2 more such groups.');
});
