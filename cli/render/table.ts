import cliTruncate from 'cli-truncate';
import stringWidth from 'string-width';
import { alignOnPoint, padEnd, padStart, widest } from './align.js';
import { visible } from './visible.js';

export interface Column<Row> {
  readonly header: string;
  /** What people read, as plain text: hidden characters are made visible here. */
  readonly people: (row: Row) => string;
  readonly align?: 'left' | 'right' | 'point';
  /** Free text, which may be cut to fit the terminal. Amounts and ids are never cut. */
  readonly mayShrink?: boolean;
  /** In how few cells such text still says something; where there are fewer in the line, it folds or the line is too long. */
  readonly leastWidth?: number;
  /** Moves below its row where the terminal is too narrow for one line; late, only where the line is still too long then. */
  readonly mayFold?: true | 'late';
  readonly paint?: (text: string, row: Row) => string;
}

export interface TableSpace {
  /** Cells of the terminal from left to right. */
  readonly width: number;
  /** The reader's decimal point, for columns aligned on it. */
  readonly point: string;
  readonly paintHeader: (text: string) => string;
  readonly paintFolded: (text: string) => string;
}

interface Laid<Row> {
  readonly column: Column<Row>;
  /** The texts before they were aligned with each other. */
  readonly plain: readonly string[];
  readonly texts: readonly string[];
  readonly width: number;
}

const gap = '  ';
const usualLeastWidth = 12;
const leastFoldedWidth = 20;

/** Free text cut to a width; measured again, since the two libraries differ on a few rare characters. */
function cut(text: string, width: number): string {
  let short = cliTruncate(text, width);
  for (let tried = width - 1; stringWidth(short) > width && tried > 0; tried -= 1) {
    short = cliTruncate(text, tried);
  }
  return short;
}

function measure<Row>(column: Column<Row>, rows: readonly Row[], point: string): Laid<Row> {
  const plain = rows.map((row) => visible(column.people(row)));
  const texts = column.align === 'point' ? alignOnPoint(plain, point) : plain;
  return { column, plain, texts, width: widest([column.header, ...texts]) };
}

function totalWidth<Row>(columns: readonly Laid<Row>[]): number {
  return columns.reduce((sum, { width }) => sum + width, 0) + gap.length * Math.max(0, columns.length - 1);
}

/** Cuts free text from the right-hand columns on, until the line fits or nothing is left to cut. */
function shrink<Row>(columns: readonly Laid<Row>[], width: number): readonly Laid<Row>[] {
  let excess = totalWidth(columns) - width;
  const shrunk = columns.toReversed().map((laid) => {
    const { mayShrink, leastWidth = usualLeastWidth } = laid.column;
    if (excess <= 0 || mayShrink !== true || laid.width <= leastWidth) {
      return laid;
    }
    const narrower = Math.max(leastWidth, laid.width - excess);
    excess -= laid.width - narrower;
    return { ...laid, width: narrower };
  });
  return shrunk.toReversed();
}

interface Layout<Row> {
  readonly line: readonly Laid<Row>[];
  /** The lines below each row. */
  readonly below: readonly (readonly Laid<Row>[])[];
}

/** A column as it stands below its row: aligned with nothing but its own beginning, and named where it does not speak for itself. */
function folded<Row>(laid: Laid<Row>): Laid<Row> {
  const { header, mayFold } = laid.column;
  const name = (text: string) => (mayFold === 'late' && text !== '' ? `${header} ${text}` : text);
  const texts = laid.plain.map(name);
  return { ...laid, texts, width: widest(texts) };
}

/** As few lines as hold these columns. What cannot be cut comes first, so that it stands below its like; free text ends a line. */
function pack<Row>(columns: readonly Laid<Row>[], width: number): readonly (readonly Laid<Row>[])[] {
  const fixed = columns.filter(({ column }) => column.mayShrink !== true);
  const free = columns.filter(({ column }) => column.mayShrink === true);
  const lines: Laid<Row>[][] = [];
  for (const laid of [...fixed, ...free]) {
    const line = lines.at(-1) ?? [];
    const room = width - totalWidth(line) - gap.length;
    const least = laid.column.mayShrink === true ? Math.min(laid.width, leastFoldedWidth) : laid.width;
    if (line.length > 0 && least <= room) {
      line.push({ ...laid, width: Math.min(laid.width, room) });
    } else {
      lines.push([laid.column.mayShrink === true ? { ...laid, width: Math.min(laid.width, width) } : laid]);
    }
  }
  return lines;
}

/** One line for each row where it fits, after cutting free text; else more and more columns go below. */
function layOut<Row>(columns: readonly Laid<Row>[], width: number): Layout<Row> {
  const stages: readonly (readonly unknown[])[] = [[], [true], [true, 'late']];
  const layouts = stages.map((folding) => {
    const isFolded = ({ column }: Laid<Row>) => folding.includes(column.mayFold);
    return {
      line: shrink(
        columns.filter((laid) => !isFolded(laid)),
        width,
      ),
      below: pack(columns.filter(isFolded).map(folded), width - gap.length),
    };
  });
  const fitting = layouts.find(({ line }) => totalWidth(line) <= width) ?? layouts.at(-1);
  return fitting ?? { line: columns, below: [] };
}

function cellText<Row>(
  { column, texts, width }: Laid<Row>,
  index: number,
  row: Row,
  isLast: boolean,
): string {
  const text = cut(texts[index] ?? '', width);
  const pad = column.align === 'right' ? padStart : padEnd;
  const padded = isLast && column.align !== 'right' ? text : pad(text, width);
  // Blanks are left unpainted, so that a line does not end with them.
  const inked = padded.trimEnd();
  return column.paint && inked !== '' ? column.paint(inked, row) + padded.slice(inked.length) : padded;
}

function foldedLine<Row>(line: readonly Laid<Row>[], index: number): string {
  return line
    .map(({ texts, width }) => padEnd(cut(texts[index] ?? '', width), width))
    .join(gap)
    .trimEnd();
}

function headerLine<Row>(line: readonly Laid<Row>[]): string {
  const cells = line.map(({ column, width }) =>
    column.align === undefined || column.align === 'left'
      ? padEnd(column.header, width)
      : padStart(column.header, width),
  );
  return cells.join(gap).trimEnd();
}

/** A table for people: a header, columns that stand below each other, as wide as the terminal and no wider where that can be. */
export function tableForPeople<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  space: TableSpace,
): string {
  const { line, below } = layOut(
    columns.map((column) => measure(column, rows, space.point)),
    space.width,
  );
  const lines = rows.flatMap((row, index) => {
    const first = line
      .map((laid, at) => cellText(laid, index, row, at === line.length - 1))
      .join(gap)
      .trimEnd();
    const others = below.map((texts) => foldedLine(texts, index)).filter((text) => text.trim() !== '');
    return [first, ...others.map((text) => gap + space.paintFolded(text))];
  });
  return [space.paintHeader(headerLine(line)), ...lines].map((text) => `${text}\n`).join('');
}
