import { type Cells, chosenCells, chosenColumns } from './choose-columns.js';
import { type DisplayOptions, formatOf } from './display-options.js';
import { type JsonLook, jsonIndent, jsonLines } from './json.js';
import { decimalPoint } from './money.js';
import type { Output } from './output.js';
import type { Column } from './table.js';
import { tableForMachines } from './table-for-machines.js';
import { joined, type Shown, shown } from './text/shown.js';

type Showing = JsonLook & Pick<Output, 'isJson' | 'locale' | 'say' | 'hint'>;

export interface Formats {
  readonly json: object;
  /** The form for people. */
  readonly people: () => Shown | Promise<Shown>;
  /** The form for a pipe: rows of cells. */
  readonly machine: () => readonly (readonly string[])[];
}

/** Writes a result to stdout in the format that fits: JSON, people on a terminal, or tab-separated for a pipe. */
export async function show(context: Showing, formats: Formats): Promise<void> {
  const { stdout, isJson } = context;
  if (isJson) {
    await stdout.write(jsonLines(context, [formats.json], jsonIndent(context)));
    return;
  }
  await stdout.write(stdout.isTerminal ? await formats.people() : tableForMachines(formats.machine()));
}

/** Writes one thing of a stream as a line: a JSON object, a sentence for people, or tab-separated for a pipe. */
export async function showLine(context: Showing, formats: Formats): Promise<void> {
  const { stdout, isJson } = context;
  if (isJson) {
    await stdout.write(jsonLines(context, [formats.json]));
    return;
  }
  await stdout.write(stdout.isTerminal ? await formats.people() : tableForMachines(formats.machine()));
}

export interface ListFormats<Row> extends Cells<Row> {
  readonly rows: readonly Row[];
  readonly columns: readonly Column<Row>[];
  /** The sentence on a terminal where there is no row: a hint of ours, or one that takes asking, made only then and said as it is. */
  readonly empty: string | (() => Promise<Shown>);
}

/** A table as wide as the terminal. What measures text is loaded for people only: its own start takes longer than a request. */
export async function tableText<Row>(
  { stdout, locale }: Showing,
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  above: readonly Row[] = [],
): Promise<Shown> {
  const { tableForPeople } = await import('./table.js');
  const space = {
    width: stdout.width,
    point: decimalPoint(locale),
    paintHeader: (text: string) => stdout.pen.dim(text),
    paintFolded: (text: string) => stdout.pen.dim(text),
  };
  return tableForPeople(columns, rows, space, above);
}

/** Writes a list: one JSON array, a table, in a pager where it is long, or a row a line. @throws Failure */
export async function showList<Row extends object>(
  context: Showing & Pick<Output, 'page'>,
  list: ListFormats<Row>,
  look: DisplayOptions = {},
): Promise<void> {
  const { rows, columns, empty } = list;
  const format = formatOf(context, look);
  if (format === 'json') {
    await context.stdout.write(jsonLines(context, [rows], jsonIndent(context)));
    return;
  }
  if (format === 'rows') {
    await context.stdout.write(tableForMachines(rows.map(chosenCells(columns, list, look.columns))));
    return;
  }
  const chosen = chosenColumns(columns, list, look.columns);
  if (rows.length === 0) {
    await context.say(typeof empty === 'string' ? shown`${context.hint(empty)}` : await empty());
  } else {
    const text = await tableText(context, chosen, rows);
    await (look.pager === false ? context.stdout.write(text) : context.page(text));
  }
}

interface TextField {
  readonly label: string;
  /** The text for people; undefined leaves the field out. */
  readonly people: string | undefined;
  /** The cells for a pipe behind the label, where they are not the same. */
  readonly machine?: readonly string[];
}

/** A field whose text is made for people only: to write amounts and times as they do takes Intl, which takes its time. */
interface MadeField {
  readonly label: string;
  readonly people: () => string;
  readonly machine: readonly string[];
}

export type Field = TextField | MadeField;

function isMade(field: Field): field is MadeField {
  return typeof field.people === 'function';
}

type GivenField = MadeField | (TextField & { readonly people: string });

function isGiven(field: Field): field is GivenField {
  return field.people !== undefined;
}

/** A card of labels and values, for people. */
export async function cardText({ stdout }: Pick<Output, 'stdout'>, all: readonly Field[]): Promise<Shown> {
  const fields = all.filter(isGiven);
  const { padEnd, widest } = await import('./text/align.js');
  const { wrapBeside } = await import('./text/wrap.js');
  const labelWidth = widest(fields.map(({ label }) => label));
  const lines = fields.map((field) => {
    const value = wrapBeside(isMade(field) ? field.people() : field.people, labelWidth + 2, stdout.width);
    const isBelow = value.text.startsWith('\n');
    const label = stdout.pen.dim(isBelow ? field.label : padEnd(field.label, labelWidth));
    return shown`${label}${isBelow || value.text === '' ? '' : '  '}${value}\n`;
  });
  return joined(lines);
}

/** The rows of a card for a pipe: a label, and what goes with it. */
export function cardRows(fields: readonly Field[]): readonly (readonly string[])[] {
  return fields
    .filter(isGiven)
    .map((field) => [field.label, ...(isMade(field) ? field.machine : (field.machine ?? [field.people]))]);
}

/** Writes one thing as a card of labels and values. */
export async function showCard(context: Showing, json: object, fields: readonly Field[]): Promise<void> {
  await show(context, { json, people: () => cardText(context, fields), machine: () => cardRows(fields) });
}
