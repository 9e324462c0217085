import type { ChainHeadRow } from '../../../db/tables/acts.js';
import { Book, type TableChanges } from '../../../server/ledger/book/book.js';
import {
  type BatchMoment,
  decideBatch,
  missingReads,
  type Outcome,
} from '../../../server/ledger/decide-batch.js';
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
  book: Book,
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

export function makePureBooks(rules: Rules, currencies: readonly string[]): PureBooks {
  const store = makeMemoryStore(currencies);
  let state = emptyBookState();

  function decideOneBatch(decisions: readonly Decision[], moment: BatchMoment): PureBatch {
    const book = new Book(state);
    book.beginBatch();
    load(book, store, rules, decisions, moment);
    const outcomes = decideBatch(book, rules, decisions, moment);
    const changes = book.changes();
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
