import { Failure } from '../failure/failure.js';
import type { Column } from './table.js';

/** The cells of a row for programs, and what each of them is called. */
export interface Cells<Row> {
  readonly names: readonly string[];
  readonly machine: (row: Row) => readonly string[];
}

const isSame = (one: string, other: string) => one.toLowerCase() === other.toLowerCase();

/** The names that `--columns` gives. */
export function columnNames(columns: string): readonly string[] {
  return columns.split(',').map((name) => name.trim());
}

export function noSuchColumn(name: string, known: readonly string[]): Failure {
  return new Failure('usage', `--columns: there is no column ${name} here.`, {
    next: [`There are: ${[...new Set(known)].join(', ')}`],
  });
}

/** The columns of a table that are wanted, each as people read it or, where only programs get it, as they do. @throws Failure (usage) */
export function chosenColumns<Row>(
  columns: readonly Column<Row>[],
  { names, machine }: Cells<Row>,
  wanted: string | undefined,
): readonly Column<Row>[] {
  if (wanted === undefined) {
    return columns;
  }
  return columnNames(wanted).map((name) => {
    const column = columns.find(({ header }) => isSame(header, name));
    const at = names.findIndex((known) => isSame(known, name));
    if (column === undefined && at < 0) {
      throw noSuchColumn(name, [...columns.map(({ header }) => header), ...names]);
    }
    return column ?? { header: names[at] ?? name, people: (row) => machine(row)[at] ?? '' };
  });
}

/** The cells of a row that are wanted, each as programs get it or, where only people do, as they read it. @throws Failure (usage) */
export function chosenCells<Row>(
  columns: readonly Column<Row>[],
  { names, machine }: Cells<Row>,
  wanted: string | undefined,
): (row: Row) => readonly string[] {
  if (wanted === undefined) {
    return machine;
  }
  const cells = columnNames(wanted).map((name) => {
    const at = names.findIndex((known) => isSame(known, name));
    const column = columns.find(({ header }) => isSame(header, name));
    if (column === undefined && at < 0) {
      throw noSuchColumn(name, [...names, ...columns.map(({ header }) => header)]);
    }
    return (row: Row) => (at >= 0 ? machine(row)[at] : column?.people(row)) ?? '';
  });
  return (row) => cells.map((cell) => cell(row));
}
