import assert from 'node:assert/strict';
import { type Question, selectEach, selectSums } from '../../../db/bulk.js';
import type { Database, Transaction } from '../../../db/connect.js';
import { type PaidKey, type PaidSince, selectPaid } from '../../../db/select-paid.js';
import type { LedgerBook } from '../book/ledger-book.js';
import type { Lookup } from '../book/lookup.js';

type Values = readonly (string | number | null)[];

/** The most times that a rule may find out, from what was read, that it must read more. */
const mostRounds = 8;

/**
 * The most lookups of one round: a payout of the most items stays below, and to read more would keep others waiting. Whoever would ask
 * for more waits for the next batch.
 */
const mostLookups = 10_000;

function shapeOf({ table, where, newest, sum, atMost }: Lookup): string {
  let shape: string = table;
  for (const column in where) {
    shape += where[column] === null ? ` ${column}=` : ` ${column}`;
  }
  if (newest) {
    return `${shape} newest ${newest.by} ${newest.among}`;
  }
  return sum ? `${shape} ${sum.of} ${sum.since.column} ${sum.isByEntries} ${atMost}` : shape;
}

/** Lookups that have one form, in the order of forms: who came first does not give the same questions another statement. */
function groupByShape(lookups: readonly Lookup[]): readonly (readonly Lookup[])[] {
  const groups = new Map<string, Lookup[]>();
  for (const lookup of lookups) {
    const shape = shapeOf(lookup);
    const group = groups.get(shape);
    if (group) {
      group.push(lookup);
    } else {
      groups.set(shape, [lookup]);
    }
  }
  return [...groups].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([, group]) => group);
}

const keyOf = ({ where, sum }: Lookup): Values => [...Object.values(where), sum?.since.from ?? null];

/** Each key once: several decisions of a batch ask the same. */
function distinct(group: readonly Lookup[]): readonly Lookup[] {
  if (group.length === 1) {
    return group;
  }
  return [...new Map(group.map((read) => [JSON.stringify(keyOf(read)), read])).values()];
}

/** Reads what the database has for sums of what was paid, from those on that were read before. */
async function readPaid(
  database: Database | Transaction,
  book: LedgerBook,
  keys: readonly PaidKey[],
): Promise<readonly PaidSince[]> {
  const { paidSums } = book;
  const found = await selectPaid(database, keys, book.durableId('payments'), (key) => paidSums.get(key));
  for (const [index, key] of keys.entries()) {
    paidSums.keep(key, found[index] as PaidSince);
  }
  return found;
}

/** Reads what the database has for sums of the form of this one. */
function readSums(
  database: Database | Transaction,
  book: LedgerBook,
  { table, where, sum }: Lookup,
  keys: readonly Values[],
): Promise<readonly object[]> {
  assert(sum, 'A sum is asked for.');
  if (sum.isByEntries) {
    return readPaid(database, book, keys as readonly PaidKey[]);
  }
  const summing = { table, columns: Object.keys(where), sinceColumn: sum.since.column, sum: sum.of };
  return selectSums(database, summing, keys, book.durableId(table));
}

/** Lookups of one form as a question to the database. */
function questionOf(group: readonly Lookup[]): Question {
  const { table, where, newest, atMost } = group[0] as Lookup;
  const columns = Object.keys(where);
  const nulls = columns.map((column) => where[column] === null);
  return { matching: { table, columns, nulls, atMost, newest }, keys: group.map(keyOf) };
}

/** Reads into the book what the database has for lookups, which stand together by their forms. */
async function readGroups(
  database: Database | Transaction,
  book: LedgerBook,
  groups: readonly (readonly Lookup[])[],
): Promise<void> {
  const ofRows = groups.filter(([read]) => read?.sum === undefined);
  const ofSums = groups.filter(([read]) => read?.sum !== undefined);
  const [rows, sums] = await Promise.all([
    selectEach(database, ofRows.map(questionOf)),
    Promise.all(ofSums.map((group) => readSums(database, book, group[0] as Lookup, group.map(keyOf)))),
  ]);
  for (const [index, group] of ofRows.entries()) {
    book.load(group, rows[index] ?? []);
  }
  for (const [index, group] of ofSums.entries()) {
    book.load(group, sums[index] ?? []);
  }
}

/**
 * Reads into the book what each of the decisions is missing, or of many the first, again and again until none is: one statement a
 * round, and one for each kind of sum; a few rounds. `missingOf` says what one needs beyond what was read so far.
 */
export async function loadBook<Decision>(
  database: Database | Transaction,
  book: LedgerBook,
  decisions: readonly Decision[],
  missingOf: (decision: Decision) => readonly Lookup[],
): Promise<void> {
  let asking = decisions;
  for (let round = 0; ; round += 1) {
    const asked: Decision[] = [];
    const lookups: Lookup[] = [];
    for (const decision of asking) {
      const missing = missingOf(decision);
      assert(missing.length <= mostLookups, `${missing.length} lookups are more than a rule may ask for.`);
      if (lookups.length + missing.length > mostLookups) {
        break;
      }
      if (missing.length > 0) {
        asked.push(decision);
        lookups.push(...missing);
      }
    }
    if (asked.length === 0) {
      return;
    }
    assert(round < mostRounds, `After ${mostRounds} rounds a rule still asks for ${lookups[0]?.table}.`);
    await readGroups(database, book, groupByShape(lookups).map(distinct));
    asking = asked;
  }
}
