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
 * Reads CSV (RFC 4180) that arrives in pieces and gives its rows, however the pieces are cut; only one row is
 * held at a time, so a history of any length passes through.
 */
export async function* csvRows(pieces: AsyncIterable<string>): AsyncGenerator<readonly string[]> {
  let row: string[] = [];
  let cell = '';
  let isQuoted = false;
  let quoteBefore = false;
  for await (const piece of pieces) {
    for (const character of piece) {
      if (isQuoted && !quoteBefore) {
        if (character === '"') {
          quoteBefore = true;
        } else {
          cell += character;
        }
      } else if (quoteBefore && character === '"') {
        cell += '"';
        quoteBefore = false;
      } else if (character === '"' && cell === '' && !isQuoted) {
        isQuoted = true;
      } else if (character === ',' || character === '\n') {
        row.push(isQuoted || character === ',' ? cell : cell.replace(/\r$/, ''));
        cell = '';
        isQuoted = false;
        quoteBefore = false;
        if (character === '\n') {
          yield row;
          row = [];
        }
      } else if (!quoteBefore) {
        cell += character;
      }
    }
  }
  if (cell !== '' || row.length > 0) {
    yield [...row, cell];
  }
}
