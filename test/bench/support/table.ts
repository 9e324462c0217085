import { type Row, verdictOf } from './row.js';

export interface Reached {
  readonly row: Row;
  /** Undefined where the measurement failed. */
  readonly figure: number | undefined;
  readonly isFlattered?: boolean;
}

const headings = ['what', 'reached', 'must', 'aim', ''];

function cellsOf({ row, figure, isFlattered }: Reached): readonly string[] {
  const { what, must, aim, text } = row;
  return [
    what,
    figure === undefined ? 'failed' : text(figure),
    text(must),
    aim === undefined ? '' : text(aim),
    verdictOf(row, figure ?? Number.NaN, isFlattered),
  ];
}

/** The table as Markdown whose columns line up, so that it reads as well in a terminal as in a README. */
export function renderTable(reached: readonly Reached[]): string {
  const body = reached.map(cellsOf);
  const widths = headings.map((_heading, column) =>
    Math.max(3, ...[headings, ...body].map((cells) => cells[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const rule = line(widths.map((width) => '-'.repeat(width)));
  return [line(headings), rule, ...body.map(line)].join('\n');
}
