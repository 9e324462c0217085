import { type BatchStatement, batchStatement } from '../../../db/batch.js';
import { booksHaveMoved } from '../../../db/batch-view.js';
import type { Database } from '../../../db/connect.js';
import { StorageFailure, storageFailure, transact, writeAlone } from '../../../db/transact.js';
import type { TableChanges } from '../book/table-changes.js';
import { AfterCommit, type ObservingParts } from './after-commit.js';
import { type Books, noteNewestTime } from './follow-log.js';
import type { KnowingParts, KnownBooks } from './known-books.js';
import type { OpenBatch } from './open-batch.js';
import { type RecoveringParts, Recovery } from './recovery.js';
import { SharedCommit } from './shared-commit.js';
import { answerAll, type Decided, type Waiting } from './waiting.js';

export interface CommittingParts extends KnowingParts, ObservingParts, RecoveringParts {}

/** A batch in which nothing more is decided, as it will be written. */
export interface PackedBatch {
  readonly changes: readonly TableChanges[];
  /** Undefined where nothing changes. */
  readonly statement: BatchStatement | undefined;
  readonly needsTurn: boolean;
}

/** Throws StorageFailure where another writer has committed since: what was refused may be in order by now. */
async function refuseMoved(writer: Database, commits: number): Promise<void> {
  let head: { readonly position: number } | undefined;
  try {
    head = await writer('chain_heads').where({ name: 'commits', chain: 0 }).first('position');
  } catch (error) {
    throw storageFailure(error);
  }
  if (head?.position !== commits) {
    throw new StorageFailure('moved', false, new Error(booksHaveMoved));
  }
}

/** What brings decisions into the database, and answers them. */
export class Committer {
  readonly #writer: Database;
  readonly #books: KnownBooks;
  readonly #afterCommit: AfterCommit;
  readonly #recovery: Recovery;
  readonly #sharedCommit: SharedCommit;

  /** `breakDown` is told what the ledger cannot go on after. */
  constructor(parts: CommittingParts, books: KnownBooks, breakDown: (error: Error) => void) {
    this.#writer = parts.writer;
    this.#books = books;
    this.#afterCommit = new AfterCommit(parts, books, breakDown);
    this.#recovery = new Recovery(parts, books, this.#afterCommit, breakDown);
    this.#sharedCommit = new SharedCommit(parts, books, this.#afterCommit, this.#recovery);
  }

  /** Makes of a batch what is written of it, which may be done while the one before it is being written. */
  pack(batch: OpenBatch): PackedBatch {
    const { needsTurn } = batch;
    const changes = batch.changes();
    const statement = changes.length > 0 ? batchStatement(this.#writer, changes) : undefined;
    return { changes, statement, needsTurn };
  }

  /** Writes one batch and answers it. Throws StorageFailure, with nobody answered. */
  async write(decided: Decided, packed: PackedBatch, at: Books): Promise<void> {
    const { changes, statement, needsTurn } = packed;
    if (statement === undefined) {
      if (needsTurn) {
        await transact(this.#writer, async () => {});
      }
      await refuseMoved(this.#writer, at.commits);
      answerAll(decided);
      return;
    }
    const numbers = at.book.numbers();
    const startedAtMs = performance.now();
    // The next batch is decided meanwhile, and must not be dated before this one.
    noteNewestTime(at, changes);
    await writeAlone(this.#writer, statement.sql, statement.valuesOver(at.commits));
    this.#books.noteCommitted(at, numbers);
    this.#afterCommit.tell(changes, decided.outcomes.length, startedAtMs);
    this.#afterCommit.answer(decided, changes, at.commits);
  }

  /** Decides and writes, under the lock of the books, what is first by then. Gives how many were answered. */
  writeAmongOthers(first: () => readonly Waiting[], known: Books): Promise<number> {
    return this.#sharedCommit.write(first, known);
  }

  /** Answers, for good or ill, what could not be written as a batch. */
  recover(waiting: readonly Waiting[], error: unknown): Promise<void> {
    return this.#recovery.recover(waiting, error);
  }

  /** Resolves when all that was written is answered. */
  settled(): Promise<void> {
    return this.#afterCommit.settled();
  }
}
