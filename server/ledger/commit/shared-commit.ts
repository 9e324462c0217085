import { batchStatement } from '../../../db/batch.js';
import type { Database } from '../../../db/connect.js';
import { StorageFailure, sendLast, storageFailure, transact } from '../../../db/transact.js';
import type { TableChanges } from '../book/table-changes.js';
import type { AfterCommit } from './after-commit.js';
import { type Books, noteNewestTime } from './follow-log.js';
import type { KnownBooks } from './known-books.js';
import { askAhead, type DecidingParts, openBatch } from './open-batch.js';
import type { Recovery } from './recovery.js';
import { type Decided, decisionsOf, type Waiting } from './waiting.js';

export interface SharingParts extends DecidingParts {
  readonly writer: Database;
}

/** What the database has undone for the sake of others is decided again, as where they have moved the books. */
const undone = (error: unknown): unknown =>
  error instanceof StorageFailure && error.fault === 'conflict'
    ? new StorageFailure('moved', false, error)
    : error;

/** Commits to a database that several servers write: where they do, what was decided without the lock would be void most of the time. */
export class SharedCommit {
  readonly #parts: SharingParts;
  readonly #books: KnownBooks;
  readonly #afterCommit: AfterCommit;
  readonly #recovery: Recovery;

  constructor(parts: SharingParts, books: KnownBooks, afterCommit: AfterCommit, recovery: Recovery) {
    this.#parts = parts;
    this.#books = books;
    this.#afterCommit = afterCommit;
    this.#recovery = recovery;
  }

  /**
   * Decides and writes, under the lock of the books, what is first by then, over what is known and what others have written since.
   * Gives how many were answered.
   */
  async write(first: () => readonly Waiting[], known: Books): Promise<number> {
    const parts = this.#parts;
    const books = this.#books;
    const startedAtMs = performance.now();
    let waiting: readonly Waiting[] = [];
    let tries = 0;
    const { opening, logged } = books.openingLog(known);
    const time = askAhead(parts, decisionsOf(first()));
    // A service that does not answer must not keep all servers waiting, as it would once this one has the books.
    await time;
    let answering: { readonly decided: Decided; readonly changes: readonly TableChanges[]; commits: number };
    try {
      const { at, changes, outcomes, answered } = await transact(
        parts.writer,
        async (trx) => {
          tries += 1;
          const isAgain = tries > 1;
          const now = await books.getIn(trx, known, isAgain ? undefined : logged());
          waiting = first();
          const batch = openBatch(parts, now.book, now.newestMicros, time);
          const decided = await batch.add(trx, decisionsOf(waiting));
          const found = batch.changes();
          const statement = found.length > 0 ? batchStatement(trx, found, true) : undefined;
          return {
            ...{ at: now, changes: found, outcomes: [...decided] },
            answered:
              statement && (await sendLast(trx, statement.sql, statement.valuesOver(now.commits))).answered,
          };
        },
        opening,
      );
      await answered;
      books.keep(at);
      if (changes.length > 0) {
        noteNewestTime(at, changes);
        books.noteCommitted(at, at.book.numbers());
        this.#afterCommit.tell(changes, outcomes.length, startedAtMs);
      }
      const decided = { waiting: waiting.slice(0, outcomes.length), outcomes };
      answering = { decided, changes, commits: at.commits };
    } catch (error) {
      const failed = waiting.length > 0 ? waiting : first();
      await this.#recovery.recover(failed, undone(storageFailure(error)));
      return failed.length;
    }
    this.#afterCommit.answer(answering.decided, answering.changes, answering.commits);
    return answering.decided.outcomes.length;
  }
}
