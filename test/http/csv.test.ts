import test from 'ava';
import fc from 'fast-check';
import { csvText } from '../../server/http/answer/csv.js';
import { neutralCell } from '../../server/money/neutral-cell.js';

async function* pagesOf<Item>(...pages: Item[][]) {
  yield* pages;
}

async function textOf(rows: readonly (readonly (string | null)[])[]): Promise<string> {
  const table = {
    columns: ['a', 'b', 'c'] as const,
    cellsOf: ([a = null, b = null, c = null]: readonly (string | null)[]) => ({ a, b, c }),
  };
  let text = '';
  for await (const chunk of csvText(table, pagesOf([...rows]))) {
    text += chunk;
  }
  return text;
}

/** Reads RFC 4180. */
function parse(text: string): string[][] {
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gy;
  const rows: string[][] = [[]];
  for (const [, quoted, plain, end] of text.matchAll(cell)) {
    rows.at(-1)?.push(quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'));
    if (end === '\r\n') {
      rows.push([]);
    }
  }
  return rows.slice(0, -1);
}

const likely = fc.oneof(
  fc.string({ unit: fc.constantFrom(...'aZ09_.:-+=@;\t ",\r\n\'é＝') }),
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom('2026-11-30T08:09:44.123456Z', 'pay_000000002S', '-1.00', '+1', '-', '--', '.', ':-'),
);

test('whatever cells hold, a reader of CSV finds each as it is shown safely', async (t) => {
  const row = fc.tuple(likely, fc.option(likely), likely);
  await fc.assert(
    fc.asyncProperty(fc.array(row, { maxLength: 5 }), async (rows) => {
      const shown = rows.map((cells) => cells.map((cell) => neutralCell(cell ?? '')));
      t.deepEqual(parse(await textOf(rows)), [['a', 'b', 'c'], ...shown]);
    }),
    { numRuns: 500 },
  );
});
