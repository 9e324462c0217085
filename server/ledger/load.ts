import assert from 'node:assert/strict';
import { selectMatching, selectSums } from '../../db/bulk.js';
import type { Database, Transaction } from '../../db/connect.js';
import { type PaidKey, selectPaid } from '../../db/select-paid.js';
import type { Book } from './book.js';
import type { Lookup } from './lookup.js';

type Values = readonly (string | number | null)[];

/** How often a rule may find out, from what was read, that it must read more. */
const mostRounds = 8;

/** How many lookups one round may hold; a payout of the most items stays far below. */
const mostLookups = 100_000;

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
  return [...groups.values()];
}

const keyOf = ({ where, sum }: Lookup): Values => [...Object.values(where), sum?.since.from ?? null];

/** Each key once: several decisions of a batch ask the same. */
function distinct(group: readonly Lookup[]): readonly Lookup[] {
  if (group.length === 1) {
    return group;
  }
  return [...new Map(group.map((read) => [JSON.stringify(keyOf(read)), read])).values()];
}

/** What the database has for lookups of the form of this one. */
function read(
  database: Database | Transaction,
  book: Book,
  { table, where, newest, sum, atMost }: Lookup,
  keys: readonly Values[],
): Promise<object[]> {
  const columns = Object.keys(where);
  if (sum?.isByEntries) {
    return selectPaid(database, keys as unknown as readonly PaidKey[], book.durableId(table));
  }
  if (sum) {
    const summing = { table, columns, sinceColumn: sum.since.column, sum: sum.of };
    return selectSums(database, summing, keys, book.durableId(table));
  }
  const nulls = columns.map((column) => where[column] === null);
  return selectMatching(database, { table, columns, nulls, atMost, newest }, keys);
}

/** Whether the book has learnt of a sum or of rows by a lookup; that there are no rows changes nothing of what a rule reads next. */
const hasFound = (book: Book, read: Lookup) => read.sum !== undefined || book.knowsRows(read);

/**
 * Reads into the book what each of the decisions is missing, again and again until none is: one statement for each table
 * and way of looking up, a few rounds. `missingOf` says what one needs beyond what was read so far.
 */
export async function loadBook<Decision>(
  database: Database | Transaction,
  book: Book,
  decisions: readonly Decision[],
  missingOf: (decision: Decision) => readonly Lookup[],
): Promise<void> {
  let asking = decisions;
  for (let round = 0; ; round += 1) {
    const asked = asking
      .map((decision) => ({ decision, lookups: missingOf(decision) }))
      .filter(({ lookups }) => lookups.length > 0);
    if (asked.length === 0) {
      return;
    }
    const lookups = asked.flatMap((one) => one.lookups);
    assert(round < mostRounds, `After ${mostRounds} rounds a rule still asks for ${lookups[0]?.table}.`);
    assert(lookups.length <= mostLookups, `${lookups.length} lookups are more than a batch may ask for.`);
    const groups = groupByShape(lookups).map(distinct);
    const found = await Promise.all(
      groups.map((group) => read(database, book, group[0] as Lookup, group.map(keyOf))),
    );
    for (const [index, group] of groups.entries()) {
      book.load(group, found[index] ?? []);
    }
    asking = asked
      .filter((one) => one.lookups.some((lookup) => hasFound(book, lookup)))
      .map(({ decision }) => decision);
  }
}
