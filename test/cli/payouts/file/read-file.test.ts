import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import fc from 'fast-check';
import { Failure } from '../../../../cli/failure/failure.js';
import { type PayoutFile, readPayoutFile } from '../../../../cli/payouts/file/read-file.js';
import { visible } from '../../../../cli/terminal/text/visible.js';
import { makeFolder } from '../../support/run-pay.js';

async function read(contents: string | Buffer): Promise<PayoutFile> {
  const path = join(await makeFolder(), 'payouts.csv');
  await writeFile(path, contents);
  return await readPayoutFile(path, 'GBP');
}

/** The faults that are told of a file that is wrong. */
async function faultsOf(t: ExecutionContext, contents: string | Buffer): Promise<string> {
  const failure = await t.throwsAsync(read(contents), { instanceOf: Failure });
  t.is(failure?.kind, 'usage');
  return [failure?.message ?? '', ...(failure?.details.below ?? [])].map((line) => visible(line)).join('\n');
}

test('columns stand in any order and letter case, after a byte order mark, and two of them can be left out', async (t) => {
  const { lines } = await read('\ufeffMemo,TO, amount\r\n"lunch, late",bob,10\r\n,carol,2.50\r\n');
  t.deepEqual(lines, [
    { line: 2, to: 'bob', amount: '10', memo: 'lunch, late' },
    { line: 3, to: 'carol', amount: '2.50' },
  ]);
  const bare = await read('to,amount,currency\nbob,1500,jpy');
  t.deepEqual(bare.lines, [{ line: 2, to: 'bob', amount: '1500', currency: 'JPY' }]);
});

test('lines are counted as an editor does, across empty ones and text over several lines', async (t) => {
  const { lines } = await read('to,amount,memo\n\nbob,1,"two\nlines ""quoted"""\ncarol,2,\n');
  t.deepEqual(
    lines.map(({ line, memo }) => [line, memo]),
    [
      [3, 'two\nlines "quoted"'],
      [5, undefined],
    ],
  );
});

test('blank rows and columns at the end, as spreadsheets leave them, are passed over', async (t) => {
  const { lines, taken } = await read('to,amount,memo,,\nbob,1,x,,\n\n , ,,,\ncarol,2,"y",, \n,,,,\n');
  t.deepEqual(lines, [
    { line: 2, to: 'bob', amount: '1', memo: 'x' },
    { line: 5, to: 'carol', amount: '2', memo: 'y' },
  ]);
  t.is(taken, undefined);
  t.regex(await faultsOf(t, 'to,amount,\nbob,1,,x\n'), /line 2: it has 4 columns/);
});

test('blanks around quotes are no part of a cell, those within are', async (t) => {
  const { lines } = await read('to, amount, memo\nbob, 1, "lunch, late" \ncarol,2," tea "\n');
  t.deepEqual(
    lines.map(({ memo }) => memo),
    ['lunch, late', ' tea '],
  );
});

test('semicolons and tabs part columns, a comma is then a decimal mark, and what was taken is said', async (t) => {
  const semicolons = await read('\ufeffto;amount;memo\r\nbob;10,50;"a, b; c"\r\ncarol;2;d\r\n');
  t.deepEqual(semicolons.lines, [
    { line: 2, to: 'bob', amount: '10.50', written: '10,50', memo: 'a, b; c' },
    { line: 3, to: 'carol', amount: '2', memo: 'd' },
  ]);
  t.is(
    semicolons.taken,
    'Read with semicolons between the columns, amounts with a decimal comma (10,50 as 10.50).',
  );
  const tabs = await read('to\tamount\nbob\t1.50\n');
  t.deepEqual(tabs.lines, [{ line: 2, to: 'bob', amount: '1.50' }]);
  t.is(tabs.taken, 'Read with tabs between the columns.');
});

test('a comma that may part thousands, and one that is no decimal mark here, are refused', async (t) => {
  t.regex(await faultsOf(t, 'to;amount\nbob;1,500\n'), /line 2: "1,500" is no amount/);
  t.regex(await faultsOf(t, 'to;amount;currency\nbob;1,500;KWD\n'), /line 2: "1,500" is no amount/);
  t.regex(await faultsOf(t, 'to;amount\nbob;1.000,50\n'), /line 2: "1\.000,50" is no amount/);
  t.regex(await faultsOf(t, 'to,amount\nbob,"1,50"\n'), /line 2: "1,50" is no amount/);
});

const wrongHeaders: readonly (readonly [string, RegExp])[] = [
  [
    'to,amount,colour\nbob,1,red\n',
    /line 1: "colour" is no column\. There are: to, amount, currency, memo\./,
  ],
  ['to,memo\nbob,x\n', /the column amount is missing/],
  ['bob,10\n', /"bob" is no column/],
  ['to,amount,to\nbob,1,bob\n', /the column to is there twice/],
];

for (const [contents, says] of wrongHeaders) {
  test(`the first line ${JSON.stringify(contents.split('\n')[0])} is refused`, async (t) => {
    t.regex(await faultsOf(t, contents), says);
  });
}

test('everything that is wrong is named with its line', async (t) => {
  const text = await faultsOf(
    t,
    'to,amount,currency,memo\nbob,1.001,,\n,1,,\nbob,,,\nbo b,1,,\nbob,1,pounds,\nbob,1\nbob,1,,a,b\nbob,1,JPY,fine\n' +
      `bob,1,,${'x'.repeat(501)}\nbob,1.5,JPY,\n`,
  );
  t.regex(text, /9 things are wrong\. Nothing was sent\./);
  const numbers = [...text.matchAll(/^line (\d+):/gm)].map(([, line]) => Number(line));
  t.deepEqual(numbers, [2, 3, 4, 5, 6, 7, 8, 10, 11]);
});

test('twenty faults are shown and the others counted', async (t) => {
  const text = await faultsOf(t, `to,amount\n${'bob,none\n'.repeat(33)}`);
  t.regex(text, /line 21: .*\nand 13 more$/);
});

test('text of another encoding, open quotes, empty files and no files are refused', async (t) => {
  t.regex(await faultsOf(t, Buffer.from('to,amount,memo\nbob,1,\xe9\n', 'latin1')), /not UTF-8/);
  t.regex(await faultsOf(t, 'to,amount\nbob,"1\n'), /quotes/);
  t.regex(await faultsOf(t, ''), /nobody to pay/);
  t.regex(await faultsOf(t, 'to,amount\n'), /nobody to pay/);
  const missing = await t.throwsAsync(readPayoutFile('/nowhere/payouts.csv', undefined));
  t.regex(missing?.message ?? '', /there is no such file/);
});

test('what is wrong is shown with its escapes visible', async (t) => {
  const text = await faultsOf(t, 'to,amount\nb\u001b[31mob,1\n');
  t.true(text.includes('‹U+001B›'));
  t.false(text.includes('\u001b'));
});

test('another content is another file, whatever it is called', async (t) => {
  const [one, same, other] = await Promise.all(
    ['bob,1', 'bob,1', 'bob,2'].map((row) => read(`to,amount\n${row}`)),
  );
  t.is(one?.bytesHash, same?.bytesHash);
  t.not(one?.bytesHash, other?.bytesHash);
});

test('whatever memos hold comes through as it is', async (t) => {
  const memo = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
    .filter((text) => !/[\p{Cc}\p{Bidi_Control}]/u.test(text));
  await fc.assert(
    fc.asyncProperty(fc.array(memo, { minLength: 1, maxLength: 10 }), async (memos) => {
      const rows = memos.map((text) => `bob,1,"${text.replaceAll('"', '""')}"\r\n`);
      const { lines } = await read(`to,amount,memo\r\n${rows.join('')}`);
      t.deepEqual(
        lines.map((line) => line.memo),
        memos,
      );
    }),
    { numRuns: 50 },
  );
});
