import assert from 'node:assert/strict';
import type { ChainHeadRow } from '../../../db/tables/acts.js';
import { LedgerBook } from '../../../server/ledger/book/ledger-book.js';
import type { TableChanges } from '../../../server/ledger/book/table-changes.js';
import { type BatchMoment, decideBatch, missingReads } from '../../../server/ledger/commit/decide-batch.js';
import type { Outcome } from '../../../server/ledger/outcome.js';
import type { Decision, Rules } from '../../../server/ledger/rule.js';
import { emptyBookState } from './empty-book-state.js';
import { type MemoryStore, makeMemoryStore } from './memory-store.js';

export interface PureBatch {
  /** Of the first of the decisions, as many as one batch could decide. */
  readonly outcomes: readonly Outcome[];
  readonly changes: readonly TableChanges[];
}

/** The ledger without I/O: the rules over an in-memory book, with arrays in place of the database. */
export interface PureBooks {
  readonly store: MemoryStore;
  /** Where the chain of payments ends. */
  readonly head: ChainHeadRow;
  /** One batch, as one transaction would decide it. */
  decideBatch(decisions: readonly Decision[], moment: BatchMoment): PureBatch;
  /** All of the decisions, in as many batches as it takes. */
  decideAll(decisions: readonly Decision[], moment: BatchMoment): readonly Outcome[];
}

function load(
  book: LedgerBook,
  store: MemoryStore,
  rules: Rules,
  decisions: readonly Decision[],
  moment: BatchMoment,
): void {
  for (;;) {
    const missing = decisions.flatMap((decision) => {
      try {
        return missingReads(book, rules, decision, moment);
      } catch {
        return [];
      }
    });
    if (missing.length === 0) {
      return;
    }
    for (const lookup of missing) {
      book.load([lookup], store.select(lookup));
    }
  }
}

/** Decides these over a book that knows nothing, and that reads one thing at a time of what the next of them misses. */
function decideEarly(
  book: LedgerBook,
  store: MemoryStore,
  rules: Rules,
  decisions: readonly Decision[],
  moment: BatchMoment,
): readonly Outcome[] {
  const outcomes: Outcome[] = [];
  for (;;) {
    outcomes.push(...decideBatch(book, rules, decisions.slice(outcomes.length), moment));
    const next = decisions[outcomes.length];
    if (next === undefined) {
      return outcomes;
    }
    const [lookup] = missingReads(book, rules, next, moment);
    assert(lookup, 'What is not decided misses something.');
    book.load([lookup], store.select(lookup));
  }
}

/** The outcome without what the stack of a fault says of the way to it. */
const withoutStack = ({ fault, ...outcome }: Outcome) => ({ ...outcome, isFault: fault !== null });

/** What changes of a table; rows of one key that were read in another order change in another order. */
const inAnyOrder = ({ updated, ...rest }: TableChanges) => ({
  ...rest,
  updated: updated.map((row) => JSON.stringify(row)).toSorted(),
});

export function makePureBooks(rules: Rules, currencies: readonly string[]): PureBooks {
  const store = makeMemoryStore(currencies);
  let state = emptyBookState();

  function decideOneBatch(decisions: readonly Decision[], moment: BatchMoment): PureBatch {
    const book = new LedgerBook(state);
    book.beginBatch();
    load(book, store, rules, decisions, moment);
    const outcomes = decideBatch(book, rules, decisions, moment);
    const changes = book.changes();
    const early = new LedgerBook(state);
    early.beginBatch();
    const decided = decisions.slice(0, outcomes.length);
    // Nothing is taken for not being there because it was not read yet.
    assert.deepEqual(
      decideEarly(early, store, rules, decided, moment).map(withoutStack),
      outcomes.map(withoutStack),
    );
    assert.deepEqual(early.changes().map(inAnyOrder), changes.map(inAnyOrder));
    store.apply(changes);
    state = { ...state, heads: [book.head('payments'), book.head('audit')], newest: book.numbers() };
    return { outcomes, changes };
  }

  return {
    store,
    get head() {
      return state.heads[0] as ChainHeadRow;
    },
    decideBatch: decideOneBatch,
    decideAll(decisions, moment) {
      const outcomes: Outcome[] = [];
      while (outcomes.length < decisions.length) {
        outcomes.push(...decideOneBatch(decisions.slice(outcomes.length), moment).outcomes);
      }
      return outcomes;
    },
  };
}
