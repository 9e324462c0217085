import test from 'ava';
import fc from 'fast-check';
import stringWidth from 'string-width';
import { type Column, tableForPeople } from '../../../cli/terminal/table.js';
import { tableForMachines } from '../../../cli/terminal/table-for-machines.js';
import { shown } from '../../../cli/terminal/text/shown.js';

interface Row {
  readonly who: string;
  readonly amount: string;
  readonly memo: string;
  readonly id: string;
}

const columns: Column<Row>[] = [
  { header: 'with', people: ({ who }) => who },
  { header: 'amount', people: ({ amount }) => amount, align: 'point' },
  { header: 'memo', people: ({ memo }) => memo, mayShrink: true, mayFold: true },
  { header: 'id', people: ({ id }) => id, mayFold: true },
];

const plain = (text: string) => shown`${text}`;

function table(rows: readonly Row[], width: number, above: readonly Row[] = []): string {
  const space = { width, point: '.', paintHeader: plain, paintFolded: plain };
  return tableForPeople(columns, rows, space, above).text;
}

const rows: readonly Row[] = [
  {
    who: '→ bob',
    amount: '-10.00 GBP',
    memo: 'lunch at the place by the river, as always',
    id: 'pay_01KAPQZ5Z0F2001N4W8T6B2XKQ',
  },
  { who: '← carol', amount: '+1,500 JPY', memo: '', id: 'pay_01KAPQZ5Z0F2001N4W8T6B2XKR' },
  { who: '→ dave', amount: '-0.125 KWD', memo: '日本 🏠', id: 'pay_01KAPQZ5Z0F2001N4W8T6B2XKS' },
];

test('at 140 columns everything stands on one line, points below each other', (t) => {
  t.is(
    table(rows, 140),
    [
      'with             amount  memo                                        id',
      '→ bob       -10.00  GBP  lunch at the place by the river, as always  pay_01KAPQZ5Z0F2001N4W8T6B2XKQ',
      '← carol  +1,500     JPY                                              pay_01KAPQZ5Z0F2001N4W8T6B2XKR',
      '→ dave       -0.125 KWD  日本 🏠                                     pay_01KAPQZ5Z0F2001N4W8T6B2XKS',
      '',
    ].join('\n'),
  );
});

test('rows that come later stand below those that stand above', (t) => {
  const [first, ...later] = rows;
  for (const width of [140, 80, 40]) {
    const [header, ...lines] = table(rows, width, rows).split('\n');
    const afterwards = later.flatMap((row) => table([row], width, rows).split('\n').slice(1, -1));
    t.deepEqual([header, ...lines], table(rows, width).split('\n'));
    t.deepEqual(
      [
        header,
        ...table([first as Row], width, rows)
          .split('\n')
          .slice(1, -1),
        ...afterwards,
        '',
      ],
      table(rows, width).split('\n'),
    );
  }
});

test('at 80 columns free text is cut, never an amount or an id', (t) => {
  t.is(
    table(rows, 80),
    [
      'with             amount  memo                     id',
      '→ bob       -10.00  GBP  lunch at the place by …  pay_01KAPQZ5Z0F2001N4W8T6B2XKQ',
      '← carol  +1,500     JPY                           pay_01KAPQZ5Z0F2001N4W8T6B2XKR',
      '→ dave       -0.125 KWD  日本 🏠                  pay_01KAPQZ5Z0F2001N4W8T6B2XKS',
      '',
    ].join('\n'),
  );
});

test('at 60 columns what does not fit stands on a second line', (t) => {
  t.is(
    table(rows, 60),
    [
      'with             amount',
      '→ bob       -10.00  GBP',
      '  pay_01KAPQZ5Z0F2001N4W8T6B2XKQ  lunch at the place by the…',
      '← carol  +1,500     JPY',
      '  pay_01KAPQZ5Z0F2001N4W8T6B2XKR',
      '→ dave       -0.125 KWD',
      '  pay_01KAPQZ5Z0F2001N4W8T6B2XKS  日本 🏠',
      '',
    ].join('\n'),
  );
});

test('at 40 columns each row takes as many lines as it needs, and only free text is cut', (t) => {
  t.is(
    table(rows, 40),
    [
      'with             amount',
      '→ bob       -10.00  GBP',
      '  pay_01KAPQZ5Z0F2001N4W8T6B2XKQ',
      '  lunch at the place by the river, as a…',
      '← carol  +1,500     JPY',
      '  pay_01KAPQZ5Z0F2001N4W8T6B2XKR',
      '→ dave       -0.125 KWD',
      '  pay_01KAPQZ5Z0F2001N4W8T6B2XKS',
      '  日本 🏠',
      '',
    ].join('\n'),
  );
});

test('what goes below its row only in need is named there', (t) => {
  const late: Column<Row>[] = columns.map((column) =>
    column.header === 'amount' ? { ...column, mayFold: 'late' } : column,
  );
  const space = { width: 32, point: '.', paintHeader: plain, paintFolded: plain };
  const wide = rows.map((row) => ({ ...row, who: '→ somebody.with.a.name' }));
  t.regex(
    tableForPeople(late, wide, space).text,
    /^with\n→ somebody\.with\.a\.name\n {2}amount -10\.00 GBP\n {2}pay_01KAPQZ5Z0F2001N4W8T6B2XKQ\n/,
  );
});

const someRow = fc.record({
  who: fc.constantFrom('→ bob', '← carol', '→ somebody.with.a.name'),
  amount: fc.constantFrom('-10.00 GBP', '+1,500 JPY', '-0.125 KWD', '+90,071,992,547,409.91 EUR'),
  memo: fc.string({ unit: 'grapheme', maxLength: 60 }),
  id: fc.constantFrom('pay_01KAPQZ5Z0F2001N4W8T6B2XKQ', 'pay_01KAPQZ5Z0F2001N4W8T6B2XKR'),
});

test('from 55 columns on no line is wider than the terminal, and every id and amount is whole', (t) => {
  t.notThrows(() =>
    fc.assert(
      fc.property(
        fc.array(someRow, { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 55, max: 200 }),
        (some, width) => {
          const text = table(some, width);
          const lines = text.trimEnd().split('\n');
          return (
            lines.every((line) => stringWidth(line) <= width) &&
            some.every(({ id, amount }) => text.includes(id) && text.replaceAll(/ +/g, ' ').includes(amount))
          );
        },
      ),
      { numRuns: 500 },
    ),
  );
});

test('rows for a pipe are whole, tab-separated, one a line, whatever the cells hold', (t) => {
  t.is(tableForMachines([['a', 'b\tc\nd'], ['e']]).text, 'a\tb‹U+0009›c‹U+000A›d\ne\n');
});

test('free text folds before it is cut to less than says something', (t) => {
  const long: Column<Row>[] = columns.map((column) =>
    column.header === 'memo' ? { ...column, leastWidth: 40 } : column,
  );
  const space = { point: '.', paintHeader: plain, paintFolded: plain };
  const at = (width: number) => tableForPeople(long, rows, { ...space, width }).text;
  t.is(at(140), table(rows, 140));
  t.not(at(90), table(rows, 90));
  t.true(at(90).includes('lunch at the place by the river, as always'));
});
