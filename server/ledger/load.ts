import { selectMatching, selectSums } from '../../db/bulk.js';
import type { Transaction } from '../../db/connect.js';
import type { Book } from './book.js';
import { type BatchMoment, missingReads } from './decide-batch.js';
import type { Lookup } from './lookup.js';
import type { Decision, Rules } from './rule.js';

type Values = readonly (string | number | null)[];

function groupByShape(lookups: readonly Lookup[]): readonly (readonly Lookup[])[] {
  const groups = new Map<string, Map<string, Lookup>>();
  for (const lookup of lookups) {
    const shape = `${lookup.table} ${Object.keys(lookup.where).join()} ${lookup.since?.column} ${lookup.sum}`;
    const group = groups.get(shape) ?? new Map<string, Lookup>();
    group.set(JSON.stringify([lookup.where, lookup.since?.from]), lookup);
    groups.set(shape, group);
  }
  return [...groups.values()].map((group) => [...group.values()]);
}

/** A rule that cannot say what it reads is told so when it is decided. */
function readsOrNone(book: Book, rules: Rules, decision: Decision, moment: BatchMoment): readonly Lookup[] {
  try {
    return missingReads(book, rules, decision, moment);
  } catch {
    return [];
  }
}

/** What the database has for lookups of the form of this one. */
function read(trx: Transaction, { table, where, since, sum }: Lookup, keys: readonly Values[]) {
  const columns = Object.keys(where);
  return sum !== undefined && since !== undefined
    ? selectSums(trx, table, { columns, since: since.column, sum }, keys)
    : selectMatching<object>(trx, table, columns, keys, since?.column);
}

/** Reads what the decisions need into the book: one statement for each table and way of looking up, a few rounds. */
export async function loadBook(
  trx: Transaction,
  book: Book,
  rules: Rules,
  decisions: readonly Decision[],
  moment: BatchMoment,
): Promise<void> {
  for (;;) {
    const missing = decisions.flatMap((decision) => readsOrNone(book, rules, decision, moment));
    if (missing.length === 0) {
      return;
    }
    for (const group of groupByShape(missing)) {
      const [first] = group;
      if (first) {
        const keys = group.map(
          ({ where, since }) => [...Object.values(where), since?.from ?? null] as Values,
        );
        book.load(group, await read(trx, first, keys));
      }
    }
  }
}
