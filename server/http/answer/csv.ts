import { neutralCell } from '../../money/neutral-cell.js';

/** CSV in UTF-8 whose first line names the columns (RFC 4180 §3). */
export const csvMediaType = 'text/csv; charset=utf-8; header=present';

/** A table as CSV: how items of a list become its lines. */
export interface CsvTable<Item, Column extends string> {
  readonly columns: readonly Column[];
  readonly cellsOf: (item: Item) => Readonly<Record<Column, string | null>>;
}

/** What a cell may hold; of several texts each is a word. */
type Cell = string | number | boolean | null | readonly string[];

function cellText(cell: Cell): string | null {
  if (cell === null || typeof cell === 'string') {
    return cell;
  }
  return typeof cell === 'object' ? cell.join(' ') : String(cell);
}

/** A table that has the columns in the order of what its items become. */
export function csvOf<Item, Column extends string>(
  columns: readonly Column[],
  cellsOf: (item: Item) => Readonly<Record<Column, Cell>>,
): CsvTable<Item, Column> {
  return {
    columns,
    cellsOf(item) {
      const cells = cellsOf(item);
      const texts = columns.map((column) => [column, cellText(cells[column])]);
      return Object.fromEntries(texts) as Record<Column, string | null>;
    },
  };
}

/** The most of all cells: they begin no formula, hold no separator, and need no quotes. */
const plainCell = /^(?:[\w.:][\w.:-]*)?$/;

function quoted(cell: string): string {
  if (plainCell.test(cell)) {
    return cell;
  }
  const text = neutralCell(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Cells that no spreadsheet runs, quoted where needed, quotes doubled; lines end in CRLF. */
function line(cells: readonly (string | null)[]): string {
  return `${cells.map((cell) => quoted(cell ?? '')).join(',')}\r\n`;
}

/** A list as CSV (RFC 4180), a chunk for each page that is read. */
export async function* csvText<Item, Column extends string>(
  { columns, cellsOf }: CsvTable<Item, Column>,
  pages: AsyncIterable<readonly Item[]>,
): AsyncGenerator<string> {
  yield line(columns);
  for await (const page of pages) {
    yield page
      .map(cellsOf)
      .map((cells) => line(columns.map((column) => cells[column])))
      .join('');
  }
}
