import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import type { CsvError, Info } from 'csv-parse';
import { Failure } from '../../failure/failure.js';
import { unreadable } from '../../files/unreadable.js';
import type { LineFault, PayoutLine } from './payout-line.js';
import { type Columns, readHeader } from './read-header.js';
import { readLine } from './read-line.js';
import { findSeparator, type Separator, separatorNames } from './separator.js';

export interface PayoutFile {
  readonly path: string;
  /** SHA-256 of the file's bytes, in hexadecimal, by which earlier versions knew a file. */
  readonly bytesHash: string;
  readonly lines: readonly PayoutLine[];
  /** How the file was read where that is not what every such file means, as a sentence. */
  readonly taken: string | undefined;
}

/** What `--file` calls what comes through a pipe. */
export const stdinPath = '-';

/** A payouts file as it is called in sentences. */
export const fileName = (path: string) => (path === stdinPath ? 'What came through stdin' : path);

const mostShown = 20;

/** The text of the file in pieces, each of whose bytes goes into the hash. A byte order mark is passed over. */
async function* textOf(chunks: AsyncIterable<Buffer>, hash: Hash): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  for await (const chunk of chunks) {
    hash.update(chunk);
    yield decoder.decode(chunk, { stream: true });
  }
  yield decoder.decode();
}

interface Row {
  readonly cells: readonly string[];
  readonly line: number;
}

const isBlank = (cell: string) => cell.trim() === '';

/** The rows that hold anything. Blanks around cells count only within quotes. */
async function* rowsOf(pieces: AsyncIterable<string>, delimiter: Separator): AsyncGenerator<Row> {
  const { parse } = await import('csv-parse');
  const parser = Readable.from(pieces).compose(
    // Cells are trimmed elsewhere: the parser would trim a tab like a blank.
    parse({ info: true, relax_column_count: true, delimiter, trim: delimiter !== '\t' }),
  );
  for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: Info }>) {
    if (record.every(isBlank)) {
      continue;
    }
    // The parser counts up to the end of a row; text in quotes may begin lines before.
    const breaks = record.reduce((sum, cell) => sum + (cell.match(/\n/g)?.length ?? 0), 0);
    yield { cells: record, line: info.lines - breaks };
  }
}

function csvFault(error: unknown): LineFault | undefined {
  const { message, code, lines } = error as Partial<CsvError> & { message: string; lines?: number };
  if ((code as string) === 'ERR_ENCODING_INVALID_ENCODED_DATA') {
    return { line: 0, message: 'it is not UTF-8 text. Save it as "CSV UTF-8".' };
  }
  return code?.startsWith('CSV_')
    ? { line: lines ?? 0, message: `the quotes are not as in CSV (${message}).` }
    : undefined;
}

function faultText({ line, message }: LineFault): string {
  return line === 0 ? message : `line ${line}: ${message}`;
}

/** The failure of a file in which something is wrong; nothing of it was sent. */
function faultyFile(path: string, faults: readonly LineFault[]): Failure {
  const lines = faults.slice(0, mostShown).map(faultText);
  const rest = faults.length > mostShown ? [`and ${faults.length - mostShown} more`] : [];
  const what = faults.length === 1 ? 'one thing is' : `${faults.length} things are`;
  return new Failure('usage', `${fileName(path)}: ${what} wrong. Nothing was sent.`, {
    below: [...lines, ...rest],
    figures: { errors: faults },
    next: ['What a payouts file looks like: pay send --help'],
  });
}

/** What the reader should know of how a file was read. */
function takenText(separator: Separator, lines: readonly PayoutLine[]): string | undefined {
  const comma = lines.find(({ written }) => written !== undefined);
  const amounts = comma && `, amounts with a decimal comma (${comma.written} as ${comma.amount})`;
  return separator === ','
    ? undefined
    : `Read with ${separatorNames[separator]} between the columns${amounts ?? ''}.`;
}

async function readRows(path: string, pieces: AsyncGenerator<string>, ownCurrency: string | undefined) {
  const { separator, text } = await findSeparator(pieces);
  const lines: PayoutLine[] = [];
  const faults: LineFault[] = [];
  let columns: Columns | undefined;
  for await (const { cells, line } of rowsOf(text, separator)) {
    if (columns === undefined) {
      const header = readHeader(cells, line);
      if ('message' in header) {
        throw faultyFile(path, [header]);
      }
      columns = header;
      continue;
    }
    const read = readLine(cells, columns, line, { ownCurrency, hasDecimalComma: separator !== ',' });
    if ('message' in read) {
      faults.push(read);
    } else {
      lines.push(read);
    }
  }
  return { lines, faults, taken: takenText(separator, lines) };
}

/**
 * Reads a payouts file whole: CSV (RFC 4180) whose first line names the columns, or what a spreadsheet makes of it.
 * `chunks` are its bytes where they do not lie under its path.
 * @throws Failure (usage) that names every line that is wrong
 */
export async function readPayoutFile(
  path: string,
  ownCurrency: string | undefined,
  chunks: AsyncIterable<Buffer> = createReadStream(path),
): Promise<PayoutFile> {
  const hash = createHash('sha256');
  let read: Awaited<ReturnType<typeof readRows>>;
  try {
    read = await readRows(path, textOf(chunks, hash), ownCurrency);
  } catch (error) {
    if (error instanceof Failure) {
      throw error;
    }
    const fault = csvFault(error);
    throw fault ? faultyFile(path, [fault]) : unreadable(fileName(path), error);
  }
  if (read.faults.length > 0) {
    throw faultyFile(path, read.faults);
  }
  if (read.lines.length === 0) {
    throw faultyFile(path, [{ line: 0, message: 'there is nobody to pay in it.' }]);
  }
  return { path, bytesHash: hash.digest('hex'), lines: read.lines, taken: read.taken };
}
