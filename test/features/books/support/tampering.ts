import fc from 'fast-check';
import { type Database, openWriter } from '../../../../db/connect.js';
import type { TableName } from '../../../../db/rows.js';
import { tables } from '../../../../db/tables.js';
import { readRows, storedRow } from '../../../db/support/stored-rows.js';

type Value = string | number | null;
type Row = Readonly<Record<string, Value>>;

/** Numbers that choose what is changed, and how. */
export interface Choice {
  readonly place: number;
  readonly other: number;
  readonly twist: number;
}

/** Somebody who writes past the program: no trigger, key or constraint stops them, and none shows it afterwards. */
export interface Tamperer {
  readonly writer: Database;
  rows(table: TableName): Promise<readonly Row[]>;
  set(table: TableName, row: Row, changes: Row): Promise<void>;
  remove(table: TableName, row: Row): Promise<void>;
}

const keyOf = (table: TableName, row: Row) =>
  Object.fromEntries(tables[table].primaryKey.map((column) => [column, row[column] ?? null]));

/** The one of the list that a number stands for. */
export function chosen<Item>(items: readonly Item[], place: number): Item {
  const item = items[place % Math.max(1, items.length)];
  if (item === undefined) {
    throw new Error('There is nothing to choose from.');
  }
  return item;
}

function makeTamperer(writer: Database): Tamperer {
  return {
    writer,
    rows: async (table) => (await readRows(writer, table)) as unknown as Row[],
    async set(table, row, changes) {
      await writer(table).where(keyOf(table, row)).update(storedRow(table, changes));
    },
    async remove(table, row) {
      await writer(table).where(keyOf(table, row)).delete();
    },
  };
}

const refusals = ['SQLITE_CONSTRAINT', 'SQLITE_MISMATCH'];
const isRefused = (error: unknown) => refusals.includes(String((error as NodeJS.ErrnoException).code));

/**
 * Lets a tamperer at the database, with its triggers out of the way and put back as they were. Gives whether anything was
 * done: what keys and NOT NULL refuse cannot be, nor a key that is no number.
 */
export async function tamper(file: string, work: (tamperer: Tamperer) => Promise<boolean>): Promise<boolean> {
  const writer = openWriter(file);
  try {
    await writer.raw('PRAGMA foreign_keys = OFF');
    await writer.raw('PRAGMA ignore_check_constraints = ON');
    const triggers: { name: string; sql: string }[] = await writer.raw(
      "select name, sql from sqlite_master where type = 'trigger'",
    );
    for (const { name } of triggers) {
      await writer.raw(`drop trigger ${name}`);
    }
    const isDone = await work(makeTamperer(writer)).catch((error) => {
      if (isRefused(error)) {
        return false;
      }
      throw error;
    });
    for (const { sql } of triggers) {
      await writer.raw(sql);
    }
    return isDone;
  } finally {
    await writer.destroy();
  }
}

/** Another value for a cell: a number a little off, a text with a letter more or of another row, null where there was something. */
export function twisted(rows: readonly Row[], column: string, value: Value, { other, twist }: Choice): Value {
  const elsewhere = rows.map((row) => row[column] ?? null).filter((found) => found !== value);
  if (twist % 3 === 0 && elsewhere.length > 0) {
    return chosen(elsewhere, other);
  }
  if (value === null) {
    return 'x';
  }
  return typeof value === 'number' ? value + (twist % 2 === 0 ? 1 : -1) * ((other % 5) + 1) : `${value}x`;
}

export const choice: fc.Arbitrary<Choice> = fc.record({ place: fc.nat(), other: fc.nat(), twist: fc.nat() });
