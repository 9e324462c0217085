import { pipeline, Readable } from 'node:stream';
import { visible } from './visible.js';

const plainNumber = /^[+-]?[0-9]+(?:\.[0-9]+)?$/;
const formulaStart = /^[=+\-@\t\r]/;

/**
 * A cell that a spreadsheet shows instead of running: one that would start a formula gets an apostrophe in front
 * (OWASP, "CSV Injection"), signed numbers excepted, and hidden characters are made visible.
 */
export function neutralCell(cell: string): string {
  return formulaStart.test(cell) && !plainNumber.test(cell) ? `'${visible(cell)}` : visible(cell);
}

function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

/** One line of CSV (RFC 4180) with neutral cells. */
export function csvLine(cells: readonly string[]): string {
  return `${cells.map((cell) => quoted(neutralCell(cell))).join(',')}\r\n`;
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
