import assert from 'node:assert/strict';
import { batchStatement } from '../../../db/batch.js';
import type { Database } from '../../../db/connect.js';
import { StorageFailure, transact } from '../../../db/transact.js';
import { LedgerBook } from '../book/ledger-book.js';
import type { AfterCommit } from './after-commit.js';
import { outcomeOfError } from './decide-batch.js';
import type { KnownBooks } from './known-books.js';
import { type DecidingParts, openBatch } from './open-batch.js';
import { decisionsOf, refuseAll, type Waiting } from './waiting.js';

export interface RecoveringParts extends DecidingParts {
  readonly writer: Database;
  /** Told of a mistake of ours for which a batch was given up; its decisions are made again, and those that it was not are answered well. */
  readonly onMistake?: (error: Error) => void;
}

/** What becomes of decisions that could not be written as a batch: they are refused, or made again over books read anew. */
export class Recovery {
  readonly #parts: RecoveringParts;
  readonly #books: KnownBooks;
  readonly #afterCommit: AfterCommit;
  readonly #breakDown: (error: Error) => void;

  /** `breakDown` is told what the ledger cannot go on after. */
  constructor(
    parts: RecoveringParts,
    books: KnownBooks,
    afterCommit: AfterCommit,
    breakDown: (error: Error) => void,
  ) {
    this.#parts = parts;
    this.#books = books;
    this.#afterCommit = afterCommit;
    this.#breakDown = breakDown;
  }

  /** Answers them, for good or ill. */
  recover(waiting: readonly Waiting[], error: unknown): Promise<void> {
    return this.#recover(waiting, error, false);
  }

  /** `isLookedUp` where no key was taken for new. */
  async #recover(waiting: readonly Waiting[], error: unknown, isLookedUp: boolean): Promise<void> {
    this.#books.forget();
    const failure = error instanceof StorageFailure ? error : undefined;
    if (failure?.fault === 'broken') {
      this.#breakDown(failure);
    }
    if (failure === undefined && waiting.length > 1) {
      // Decided alone they may all be well, and nobody would know of it. One that is alone says itself in its answer what went wrong.
      this.#parts.onMistake?.(error as Error);
    }
    if (failure && failure.fault !== 'constraint' && failure.fault !== 'moved') {
      refuseAll(waiting, failure);
      return;
    }
    const mayGoTogether = failure?.fault === 'moved' || (failure !== undefined && !isLookedUp);
    if (!mayGoTogether && waiting.length === 1) {
      const [only] = waiting as [Waiting];
      only.answer(outcomeOfError(error, only.decision.caller.requestId));
      return;
    }
    // One decision that the database refuses must not take others along, but most likely it was a key that is not new.
    await this.#decideAgain(waiting, mayGoTogether ? waiting.length : 1);
  }

  /** Makes them again, so many together as are given; those that fail again are recovered from that. */
  async #decideAgain(waiting: readonly Waiting[], together: number): Promise<void> {
    for (let rest = waiting; rest.length > 0; ) {
      const next = rest.slice(0, together);
      try {
        const done = await this.#writeLocked(next);
        assert(done > 0);
        rest = rest.slice(done);
      } catch (again) {
        assert(!(again instanceof StorageFailure) || again.fault !== 'moved');
        await this.#recover(next, again, true);
        rest = rest.slice(next.length);
      }
    }
  }

  /**
   * Decides and writes under the write lock, over books read anew, with all keys looked up: after another writer has moved
   * the books, or where the database has refused a batch. Gives how many of the decisions that were.
   */
  async #writeLocked(waiting: readonly Waiting[]): Promise<number> {
    const startedAtMs = performance.now();
    const books = this.#books;
    const { changes, outcomes, commits } = await transact(this.#parts.writer, async (trx) => {
      const state = await books.readState(trx);
      const batch = openBatch(this.#parts, new LedgerBook(state), state.newestMicros);
      const done = await batch.add(trx, decisionsOf(waiting));
      const written = batch.changes();
      if (written.length > 0) {
        const { sql, valuesOver } = batchStatement(trx, written, books.hasCompany);
        await trx.raw(sql, valuesOver(state.commits));
      }
      return { changes: written, outcomes: [...done], commits: state.commits };
    });
    const decided = { waiting: waiting.slice(0, outcomes.length), outcomes };
    books.noteApart(commits, changes, decided);
    if (changes.length > 0) {
      this.#afterCommit.tell(changes, outcomes.length, startedAtMs);
    }
    this.#afterCommit.answer(decided, changes, commits + 1);
    return outcomes.length;
  }
}
