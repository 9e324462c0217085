import test from 'ava';
import fc from 'fast-check';
import { csvLine, csvRows, shownCell } from '../../../cli/terminal/csv.js';

async function rowsOf(pieces: readonly string[]): Promise<(readonly string[])[]> {
  async function* arriving(): AsyncGenerator<string> {
    yield* pieces;
  }
  const rows: (readonly string[])[] = [];
  for await (const row of csvRows(arriving())) {
    rows.push(row);
  }
  return rows;
}

/** Cut anywhere between two characters. */
function inPieces(text: string, cuts: readonly number[]): string[] {
  const characters = [...text];
  const { length } = characters;
  const places = [...new Set(cuts.map((cut) => cut % (length + 1)))].sort((one, other) => one - other);
  return [0, ...places].map((start, index) => characters.slice(start, places[index] ?? length).join(''));
}

function strictCsv(rows: readonly (readonly string[])[]): string {
  return rows
    .map((cells) => `${cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')}\r\n`)
    .join('');
}

test('a cell that would start a formula gets an apostrophe, signed numbers do not', (t) => {
  for (const cell of ['=1+1', '+cmd', '-cmd|calc', '@SUM(A1)', '-1+2', '+1e3', '--1']) {
    t.is(shownCell(cell), `'${cell}`);
  }
  for (const cell of ['-10.00', '+12.70', '10', 'lunch', 'a=b', '']) {
    t.is(shownCell(cell), cell);
  }
  t.is(shownCell('\t=1'), "‹U+0009›'=1");
  t.is(shownCell('\r=1'), "‹U+000D›'=1");
  t.is(shownCell('tea\n=1'), "tea‹U+000A›'=1");
});

test('cells with commas and quotes are quoted', (t) => {
  t.is(csvLine(['a,b', 'say "hi"', 'c']), '"a,b","say ""hi""",c\r\n');
});

test('rows are read back however the text is cut into pieces', async (t) => {
  const cell = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', '=', 'é', '😀'), maxLength: 8 });
  const rows = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(rows, fc.array(fc.nat(), { maxLength: 10 }), async (wanted, cuts) => {
      t.deepEqual(await rowsOf(inPieces(strictCsv(wanted), cuts)), wanted);
    }),
    { numRuns: 200 },
  );
});

test('a last line without a line break is a row', async (t) => {
  t.deepEqual(await rowsOf(['a,b\n1,', '2']), [
    ['a', 'b'],
    ['1', '2'],
  ]);
});
