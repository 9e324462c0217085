import cliTruncate from 'cli-truncate';
import stringWidth from 'string-width';
import wrapAnsi from 'wrap-ansi';
import { alignOnPoint, padEnd, padStart, widest } from './text/align.js';
import { joined, type Part, reshaped, type Shown, shown } from './text/shown.js';
import { visible } from './text/visible.js';

export interface Column<Row> {
  readonly header: string;
  /** The cell for people, as plain text: hidden characters are made visible here. */
  readonly people: (row: Row) => string;
  readonly align?: 'left' | 'right' | 'point';
  /** Whether the cell is free text, which may be cut to fit the terminal. Amounts and ids are never cut. */
  readonly mayShrink?: boolean;
  /**
   * The fewest cells in which free text still says something; where there are fewer in the line, it folds or the line is too
   * long.
   */
  readonly leastWidth?: number;
  /**
   * Whether the text may hold amounts and ids, and so is never cut: where it does not fit it goes below, in as many lines as
   * it takes.
   */
  readonly mayWrap?: true;
  /**
   * Whether the column moves below its row where the terminal is too narrow for one line; late, only where the line is still
   * too long then.
   */
  readonly mayFold?: true | 'late';
  /** Whether the cell says by itself what it is, so that it need not be named where it stands below. */
  readonly isPlain?: true;
  readonly paint?: (text: string, row: Row) => Part;
}

export interface TableSpace {
  /** Cells of the terminal from left to right. */
  readonly width: number;
  /** The reader's decimal point, for columns aligned on it. */
  readonly point: string;
  readonly paintHeader: (text: string) => Shown;
  readonly paintFolded: (text: string) => Shown;
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

function canShrink<Row>({ column, width }: Laid<Row>): boolean {
  return column.mayShrink === true && width > (column.leastWidth ?? usualLeastWidth);
}

/** Cuts free text, the widest column first, until the line fits or nothing is left to cut. */
function shrink<Row>(columns: readonly Laid<Row>[], width: number): readonly Laid<Row>[] {
  let shrunk = columns;
  for (let excess = totalWidth(columns) - width; excess > 0; excess -= 1) {
    const widestWidth = Math.max(...shrunk.filter(canShrink).map((laid) => laid.width));
    const at = shrunk.findLastIndex((laid) => canShrink(laid) && laid.width === widestWidth);
    if (at < 0) {
      break;
    }
    shrunk = shrunk.map((laid, index) => (index === at ? { ...laid, width: laid.width - 1 } : laid));
  }
  return shrunk;
}

interface Layout<Row> {
  readonly line: readonly Laid<Row>[];
  /** The lines below each row. */
  readonly below: readonly (readonly Laid<Row>[])[];
}

/** A column as it stands below its row: aligned with nothing but its own beginning, and named where it does not speak for itself. */
function folded<Row>(laid: Laid<Row>): Laid<Row> {
  const { header, mayFold, isPlain } = laid.column;
  const name = (text: string) =>
    mayFold === true || isPlain || text.trim() === '' ? text : `${header} ${text}`.trimStart();
  const texts = laid.plain.map(name);
  return { ...laid, texts, width: widest(texts) };
}

/** As few lines as hold these columns. What cannot be cut comes first, so that it stands below its like; free text ends a line. */
function pack<Row>(columns: readonly Laid<Row>[], width: number): readonly (readonly Laid<Row>[])[] {
  const fixed = columns.filter(({ column }) => !column.mayShrink && !column.mayWrap);
  const free = columns.filter(({ column }) => column.mayShrink === true);
  const wrapped = columns.filter(({ column }) => column.mayWrap === true);
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
  return [...lines, ...wrapped.map((laid) => [{ ...laid, width: Math.min(laid.width, width) }])];
}

/**
 * The columns that go below, from none on: those that may, those that may late, and in the end all but one, each from the
 * right.
 */
function foldings<Row>(columns: readonly Laid<Row>[]): readonly ReadonlySet<Laid<Row>>[] {
  const early = columns.filter(({ column }) => column.mayFold === true);
  const late = columns.filter(({ column }) => column.mayFold === 'late').toReversed();
  const rest = columns.filter(({ column }) => column.mayFold === undefined).slice(1);
  const more = [...late, ...rest.toReversed()];
  return [[], early, ...more.map((_, count) => [...early, ...more.slice(0, count + 1)])].map(
    (some) => new Set(some),
  );
}

/** One line for each row where it fits, after cutting free text; else more and more columns go below. */
function layOut<Row>(columns: readonly Laid<Row>[], width: number): Layout<Row> {
  let layout: Layout<Row> = { line: columns, below: [] };
  for (const folding of foldings(columns)) {
    const line = shrink(
      columns.filter((laid) => !folding.has(laid)),
      width,
    );
    const below = columns.filter((laid) => folding.has(laid)).map(folded);
    layout = { line, below: pack(below, width - gap.length) };
    if (totalWidth(line) <= width) {
      break;
    }
  }
  return layout;
}

function cellText<Row>({ column, texts, width }: Laid<Row>, index: number, row: Row, isLast: boolean): Shown {
  const text = cut(texts[index] ?? '', width);
  const pad = column.align === 'right' ? padStart : padEnd;
  const padded = isLast && column.align !== 'right' ? text : pad(text, width);
  // Blanks are left unpainted, so that a line does not end with them.
  const inked = padded.trimEnd();
  const blanks = padded.slice(inked.length);
  return column.paint && inked !== '' ? shown`${column.paint(inked, row)}${blanks}` : shown`${padded}`;
}

function foldedLines<Row>(line: readonly Laid<Row>[], index: number): readonly string[] {
  const [first] = line;
  if (first?.column.mayWrap) {
    return wrapAnsi(first.texts[index] ?? '', first.width, { hard: true }).split('\n');
  }
  const text = line
    .map(({ texts, width }) => padEnd(cut(texts[index] ?? '', width), width))
    .join(gap)
    .trimEnd();
  return [text];
}

function headerLine<Row>(line: readonly Laid<Row>[]): string {
  const cells = line.map(({ column, width }) =>
    column.align === undefined || column.align === 'left'
      ? padEnd(column.header, width)
      : padStart(column.header, width),
  );
  return cells.join(gap).trimEnd();
}

/**
 * A table for people: a header, columns that stand below each other, as wide as the terminal and no wider where that can be.
 * Rows that stand above already are not written again, but the columns are as wide as theirs.
 */
export function tableForPeople<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  space: TableSpace,
  above: readonly Row[] = [],
): Shown {
  const { line, below } = layOut(
    columns.map((column) => measure(column, [...above, ...rows], space.point)),
    space.width,
  );
  const lines = rows.flatMap((row, place) => {
    const index = above.length + place;
    const cells = line.map((laid, at) => cellText(laid, index, row, at === line.length - 1));
    const first = reshaped(joined(cells, gap), (text) => text.trimEnd());
    const others = below.flatMap((texts) => foldedLines(texts, index)).filter((text) => text.trim() !== '');
    return [first, ...others.map((text) => shown`${gap}${space.paintFolded(text)}`)];
  });
  return joined([space.paintHeader(headerLine(line)), ...lines].map((text) => shown`${text}\n`));
}
