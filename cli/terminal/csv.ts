import { pipeline, Readable } from 'node:stream';
import { neutralCell } from '../../server/money/neutral-cell.js';
import { visible } from './text/visible.js';

/** A cell for a spreadsheet that neither runs it nor hides anything of it. */
export function shownCell(cell: string): string {
  // What would hide in front of a formula is judged before it is made visible.
  return visible(neutralCell(cell));
}

function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

/** One line of CSV (RFC 4180) with neutral cells. */
export function csvLine(cells: readonly string[]): string {
  return `${cells.map((cell) => quoted(shownCell(cell))).join(',')}\r\n`;
}

/**
 * Reads CSV (RFC 4180) that arrives in pieces and gives its rows, however the pieces are cut; few rows are held at a
 * time, so a list of any length passes through.
 */
export async function* csvRows(pieces: AsyncIterable<string>): AsyncGenerator<readonly string[]> {
  const { parse } = await import('csv-parse');
  const parser = parse({ record_delimiter: ['\r\n', '\n'], relax_column_count: true });
  // What ends the pieces early ends the rows with the same error, which the loop below throws.
  const rows: AsyncIterable<readonly string[]> = pipeline(Readable.from(pieces), parser, () => undefined);
  yield* rows;
}
