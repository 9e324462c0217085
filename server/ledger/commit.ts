import assert from 'node:assert/strict';
import { type BatchStatement, batchStatement } from '../../db/batch.js';
import { booksHaveMoved } from '../../db/batch-view.js';
import type { Database } from '../../db/connect.js';
import { StorageFailure, sendLast, storageFailure, transact, writeAlone } from '../../db/transact.js';
import { LedgerBook } from './book/ledger-book.js';
import type { TableChanges } from './book/table-changes.js';
import { outcomeOfError } from './decide-batch.js';
import { type Books, noteNewestTime } from './follow-log.js';
import { changesCallers } from './judge-credential.js';
import type { KnowingParts, KnownBooks } from './known-books.js';
import { askAhead, type DecidingParts, type OpenBatch, openBatch } from './open-batch.js';
import { answerAll, type Decided, decisionsOf, refuseAll, type Waiting } from './waiting.js';

export interface CommittingParts extends DecidingParts, KnowingParts {
  /** Called after each commit with what it has written, before those are answered who asked for it. */
  readonly onCommitted?: (changes: readonly TableChanges[]) => void;
  /** Told of a mistake of ours for which a batch was given up; its decisions are made again, and those that it was not are answered well. */
  readonly onMistake?: (error: Error) => void;
}

/** A batch in which nothing more is decided, as it will be written. */
export interface PackedBatch {
  readonly changes: readonly TableChanges[];
  /** Undefined where nothing changes. */
  readonly statement: BatchStatement | undefined;
  readonly needsTurn: boolean;
}

/** What brings decisions into the database, and answers them. */
export interface Committer {
  /** Makes of a batch what is written of it, which may be done while the one before it is being written. */
  pack(batch: OpenBatch): PackedBatch;
  /** Writes one batch and answers it. Throws StorageFailure, with nobody answered. */
  write(decided: Decided, batch: PackedBatch, at: Books): Promise<void>;
  /**
   * Decides and writes, under the lock of the books, what is first by then, over what is known and what others have written since:
   * where several write, what was decided without the lock would be void most of the time. Gives how many were answered.
   */
  writeAmongOthers(first: () => readonly Waiting[], known: Books): Promise<number>;
  /** Answers, for good or ill, what could not be written as a batch. */
  recover(waiting: readonly Waiting[], error: unknown): Promise<void>;
  /** Resolves when all that was written is answered. */
  settled(): Promise<void>;
}

/** What the database has undone for the sake of others is decided again, as where they have moved the books. */
const undone = (error: unknown): unknown =>
  error instanceof StorageFailure && error.fault === 'conflict'
    ? new StorageFailure('moved', false, error)
    : error;

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

/** `breakDown` is told what the ledger cannot go on after. */
export function makeCommitter(
  parts: CommittingParts,
  books: KnownBooks,
  breakDown: (error: Error) => void,
): Committer {
  const { writer } = parts;
  const unanswered = new Set<Promise<void>>();

  /** What follows a commit. An observer that throws changes nothing of what is durable; the ledger stops. */
  function tellOfCommit(changes: readonly TableChanges[], decisions: number, startedAtMs: number): void {
    const seconds = (performance.now() - startedAtMs) / 1000;
    try {
      parts.meter?.noteBatch({ decisions, seconds }, changes);
      parts.onCommitted?.(changes);
    } catch (error) {
      breakDown(error as Error);
    }
  }

  /**
   * Answers what was written by the commit of that number; where it changes who may do what, when all servers have heard of it,
   * so that nothing is let through anywhere once somebody was told that it is over.
   */
  function answer(decided: Decided, changes: readonly TableChanges[], commits: number): void {
    const heard = changesCallers(changes) ? books.heardByAll(commits) : undefined;
    if (heard === undefined) {
      answerAll(decided);
      return;
    }
    const answered = heard.then(() => {
      unanswered.delete(answered);
      answerAll(decided);
    });
    unanswered.add(answered);
  }

  function pack(batch: OpenBatch): PackedBatch {
    const { needsTurn } = batch;
    const changes = batch.changes();
    const statement = changes.length > 0 ? batchStatement(writer, changes) : undefined;
    return { changes, statement, needsTurn };
  }

  async function write(decided: Decided, packed: PackedBatch, at: Books): Promise<void> {
    const { changes, statement, needsTurn } = packed;
    if (statement === undefined) {
      if (needsTurn) {
        await transact(writer, async () => {});
      }
      await refuseMoved(writer, at.commits);
      answerAll(decided);
      return;
    }
    const numbers = at.book.numbers();
    const startedAtMs = performance.now();
    // The next batch is decided meanwhile, and must not be dated before this one.
    noteNewestTime(at, changes);
    await writeAlone(writer, statement.sql, statement.valuesOver(at.commits));
    books.noteCommitted(at, numbers);
    tellOfCommit(changes, decided.outcomes.length, startedAtMs);
    answer(decided, changes, at.commits);
  }

  /**
   * Decides and writes under the write lock, over books read anew, with all keys looked up: after another writer has moved
   * the books, or where the database has refused a batch. Gives how many of the decisions that were.
   */
  async function writeLocked(waiting: readonly Waiting[]): Promise<number> {
    const startedAtMs = performance.now();
    const { changes, outcomes, commits } = await transact(writer, async (trx) => {
      const state = await books.readState(trx);
      const batch = openBatch(parts, new LedgerBook(state), state.newestMicros);
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
      tellOfCommit(changes, outcomes.length, startedAtMs);
    }
    answer(decided, changes, commits + 1);
    return outcomes.length;
  }

  /** `isLookedUp` where no key was taken for new. */
  async function recover(waiting: readonly Waiting[], error: unknown, isLookedUp = false): Promise<void> {
    books.forget();
    const failure = error instanceof StorageFailure ? error : undefined;
    if (failure?.fault === 'broken') {
      breakDown(failure);
    }
    if (failure === undefined && waiting.length > 1) {
      // Decided alone they may all be well, and nobody would know of it. One that is alone says itself in its answer what went wrong.
      parts.onMistake?.(error as Error);
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
    const together = mayGoTogether ? waiting.length : 1;
    for (let rest = waiting; rest.length > 0; ) {
      const next = rest.slice(0, together);
      try {
        const done = await writeLocked(next);
        assert(done > 0);
        rest = rest.slice(done);
      } catch (again) {
        assert(!(again instanceof StorageFailure) || again.fault !== 'moved');
        await recover(next, again, true);
        rest = rest.slice(next.length);
      }
    }
  }

  async function writeAmongOthers(first: () => readonly Waiting[], known: Books): Promise<number> {
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
        writer,
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
        tellOfCommit(changes, outcomes.length, startedAtMs);
      }
      const decided = { waiting: waiting.slice(0, outcomes.length), outcomes };
      answering = { decided, changes, commits: at.commits };
    } catch (error) {
      const failed = waiting.length > 0 ? waiting : first();
      await recover(failed, undone(storageFailure(error)));
      return failed.length;
    }
    answer(answering.decided, answering.changes, answering.commits);
    return answering.decided.outcomes.length;
  }

  const settled = async () => void (await Promise.all(unanswered));

  return { pack, write, writeAmongOthers, recover, settled };
}
