import assert from 'node:assert/strict';
import { mostPayments, receiptNumber } from '../../../db/event-numbers.js';
import type { TableName } from '../../../db/rows.js';
import type { NumberedTable } from '../../../db/tables.js';
import type { Row } from './row-index.js';

/** The newest number of each table that has numbers: the last one given, and the last one that is durable. */
export class RowNumbers {
  readonly #newest: Record<NumberedTable, number>;
  /** The newest numbers that a snapshot of the database holds for sure, the in-flight batch not counted. */
  #durable: Readonly<Record<NumberedTable, number>>;
  /** Those numbers as they were when the batch began. */
  #durableBefore: Readonly<Record<NumberedTable, number>>;

  constructor(newest: Readonly<Record<NumberedTable, number>>) {
    this.#newest = { ...newest };
    this.#durable = newest;
    this.#durableBefore = newest;
  }

  /** The number of a new row, one more than the newest there is. */
  next(name: NumberedTable): number {
    const id = this.newest(name) + 1;
    assert(Number.isSafeInteger(id));
    assert(name !== 'payments' || id <= mostPayments, 'There are no more numbers for payments.');
    this.#newest[name] = id;
    return id;
  }

  /** Takes back the number that was given last; `before` is that of the newest row before it. */
  takeBack(name: NumberedTable, before: number): void {
    this.#newest[name] = before;
  }

  /** The newest number of a row of its own. */
  newestRow(name: NumberedTable): number {
    return this.#newest[name];
  }

  /** The newest number: of events that may be the one that is kept for the receipt of the newest payment. */
  newest(name: NumberedTable): number {
    const newest = this.#newest[name];
    return name === 'events' ? Math.max(newest, receiptNumber(this.#newest.payments)) : newest;
  }

  /** The newest number that was durable when the batch began; zero for a table without numbers. */
  durable(name: TableName): number {
    return this.#durableBefore[name as NumberedTable] ?? 0;
  }

  beginBatch(): void {
    this.#durableBefore = this.#durable;
  }

  noteDurable(newest: Readonly<Record<NumberedTable, number>>): void {
    this.#durable = newest;
  }

  /** Takes in the number of a row that another writer has given. */
  follow(table: TableName, row: Row): void {
    const newest = this.#newest as Partial<Record<TableName, number>>;
    if (newest[table] !== undefined) {
      newest[table] = Math.max(newest[table], Number(row.id));
    }
  }

  /** The newest numbers given so far. */
  all(): Readonly<Record<NumberedTable, number>> {
    return { ...this.#newest };
  }
}
