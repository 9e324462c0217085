import cliTruncate from 'cli-truncate';
import stringWidth from 'string-width';
import { alignOnPoint, padEnd, padStart } from './align.js';
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
  /** Moves to a second line under its row where the terminal is too narrow for one. */
  readonly mayFold?: boolean;
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
  readonly texts: readonly string[];
  readonly width: number;
}

const gap = '  ';
const usualLeastWidth = 12;

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
  return { column, texts, width: Math.max(...[column.header, ...texts].map((text) => stringWidth(text))) };
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
  readonly folded: readonly Laid<Row>[];
}

/** One line for each row where it fits, after cutting free text; else the columns that may fold go below. */
function layOut<Row>(columns: readonly Laid<Row>[], width: number): Layout<Row> {
  const one = shrink(columns, width);
  if (totalWidth(one) <= width) {
    return { line: one, folded: [] };
  }
  const line = columns.filter(({ column }) => column.mayFold !== true);
  const folded = columns.filter(({ column }) => column.mayFold === true);
  return { line: shrink(line, width), folded: shrink(folded, width - gap.length) };
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
  return column.paint ? column.paint(padded, row) : padded;
}

/** What cannot be cut comes first, so that it stands below its like; free text ends the line. */
function foldedLine<Row>(folded: readonly Laid<Row>[], index: number): string {
  const fixed = folded.filter(({ column }) => column.mayShrink !== true);
  const free = folded.filter(({ column }) => column.mayShrink === true);
  return [...fixed, ...free]
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
  const { line, folded } = layOut(
    columns.map((column) => measure(column, rows, space.point)),
    space.width,
  );
  const lines = rows.flatMap((row, index) => {
    const first = line
      .map((laid, at) => cellText(laid, index, row, at === line.length - 1))
      .join(gap)
      .trimEnd();
    const below = foldedLine(folded, index);
    return below === '' ? [first] : [first, gap + space.paintFolded(below)];
  });
  return [space.paintHeader(headerLine(line)), ...lines].map((text) => `${text}\n`).join('');
}
