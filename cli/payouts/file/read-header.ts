import type { LineFault } from './payout-line.js';

const known = ['to', 'amount', 'currency', 'memo'] as const;

export type ColumnName = (typeof known)[number];

/** Which column stands where in each row. */
export type Columns = ReadonlyMap<ColumnName, number>;

const isKnown = (name: string): name is ColumnName => (known as readonly string[]).includes(name);

/** The columns as the first row names them, in any order and letter case, blank ones at the end passed over; or what is wrong with it. */
export function readHeader(cells: readonly string[], line: number): Columns | LineFault {
  const columns = new Map<ColumnName, number>();
  const lastNamed = cells.findLastIndex((cell) => cell.trim() !== '');
  for (const [index, cell] of cells.slice(0, lastNamed + 1).entries()) {
    const name = cell.trim().toLowerCase();
    if (!isKnown(name)) {
      return { line, message: `"${cell}" is no column. There are: ${known.join(', ')}.` };
    }
    if (columns.has(name)) {
      return { line, message: `the column ${name} is there twice.` };
    }
    columns.set(name, index);
  }
  const missing = (['to', 'amount'] as const).find((name) => !columns.has(name));
  return missing === undefined
    ? columns
    : { line, message: `the column ${missing} is missing; the first line names the columns.` };
}
