import type { Bench } from '../support/row.js';
import { busyDay } from './busy-day.js';
import { check } from './check.js';
import { footprint } from './footprint.js';
import { histories } from './histories.js';
import { largeBooks } from './large-books.js';
import { logIns } from './log-ins.js';
import { onPostgres } from './on-postgres.js';
import { oneConnection } from './one-connection.js';
import { payouts } from './payouts.js';
import { reads } from './reads.js';
import { singlePayments } from './single-payments.js';
import { starts } from './starts.js';
import { summaries } from './summaries.js';

/** The rows of the bench on SQLite, in the order of the table. */
const onSqlite: readonly Bench[] = [
  singlePayments,
  largeBooks,
  reads,
  payouts,
  oneConnection,
  histories,
  summaries,
  busyDay,
  logIns,
  footprint,
  starts,
  check,
];

/** The rows by the engine that they are measured on. */
export const benchesOf: Readonly<Record<string, readonly Bench[]>> = {
  sqlite: onSqlite,
  postgres: [onPostgres],
};
