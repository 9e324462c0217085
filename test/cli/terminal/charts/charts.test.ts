import test from 'ava';
import fc from 'fast-check';
import stringWidth from 'string-width';
import { twoWayBars } from '../../../../cli/terminal/charts/bars.js';
import { blockLine } from '../../../../cli/terminal/charts/block-line.js';
import { fitted, lineChart } from '../../../../cli/terminal/charts/line-chart.js';

const ascii = /^[ -~]*$/;
const amount = fc.oneof(fc.constantFrom(0, 1), fc.nat({ max: 2 ** 53 - 1 }));
const widths = fc.integer({ min: 40, max: 200 });

const space = (width: number, isAscii: boolean) => ({
  ...{ width, height: 10, isAscii },
  labelOf: String,
  widthOf: stringWidth,
});

test('bars are no wider than they may be, show all that is not nothing, and out is told from in without colour', (t) => {
  const flows = fc.array(fc.record({ incoming: amount, outgoing: amount }), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(flows, widths, fc.boolean(), (all, width, isAscii) => {
      const bars = twoWayBars(all, width, isAscii);
      for (const [at, bar] of bars.entries()) {
        const [left = '', right = ''] = bar.split(isAscii ? '|' : '│');
        t.true(stringWidth(bar) <= width);
        t.is(left.trim() !== '', (all[at]?.outgoing ?? 0) > 0);
        t.is(right !== '', (all[at]?.incoming ?? 0) > 0);
        t.true(!isAscii || ascii.test(bar));
      }
    }),
    { numRuns: 50 },
  );
  t.deepEqual(twoWayBars([{ incoming: 4, outgoing: 2 }], 9, true), ['  --|++++']);
});

test('a line over time is no wider than the terminal, and ends where the values end', (t) => {
  fc.assert(
    fc.property(
      fc.array(amount, { minLength: 1, maxLength: 400 }),
      widths,
      fc.boolean(),
      (values, width, isAscii) => {
        const lines = lineChart(values, space(width, isAscii));
        t.true(lines.length <= 10 && lines.length > 0);
        for (const line of lines) {
          t.true(stringWidth(line) <= width, line);
          t.true(!isAscii || ascii.test(line), line);
        }
      },
    ),
    { numRuns: 50 },
  );
  t.is(fitted([1, 2, 3, 4], 2).join(), '2,4');
  t.is(fitted([1, 2], 4).join(), '1,1,2,2');
  t.deepEqual(lineChart([], space(80, false)), []);
  t.deepEqual(lineChart([0, 0, 2, 2], { ...space(7, true), height: 3 }), ['2 | .--', '1 | |', "0 |-'"]);
});

test('a line of blocks has a block for each value, the highest for the most', (t) => {
  t.is(blockLine([0, 5, 10], false), '▁▅█');
  t.is(blockLine([0, 5, 10], true), '_+@');
  t.is(blockLine([7, 7], false), '▅▅');
});
