import assert from 'node:assert/strict';
import { batchStatement } from '../../db/batch.js';
import { booksHaveMoved } from '../../db/batch-view.js';
import type { Database, Transaction } from '../../db/connect.js';
import { hasBatchLog, type OtherWriters } from '../../db/postgres/writers/batch-log.js';
import { joinWriters } from '../../db/postgres/writers/writers.js';
import { StorageFailure, storageFailure, transact, writeAlone } from '../../db/transact.js';
import { Refusal } from '../errors.js';
import { Book, type TableChanges } from './book.js';
import { type Outcome, outcomeOfError } from './decide-batch.js';
import { type Books, followLog } from './follow-log.js';
import { type DecidingParts, type OpenBatch, openBatch } from './open-batch.js';
import { type OpeningParts, readBookState, readRecentWrites } from './persist.js';
import type { RecentWrites } from './recent-writes.js';
import type { Decision } from './rule.js';

/** More would make those at the front wait for the last without sparing a sync that matters. */
const largestBatch = 512;

/** While a batch is being written, the next is decided as soon as so many wait: for fewer a look into the database costs too much. */
const worthDeciding = 8;

export interface LedgerParts extends DecidingParts, OpeningParts {
  readonly writer: Database;
  /** Connections that look things up while the writer writes; the writer itself where none are given. */
  readonly readers?: Database;
  /** Called after each commit with what it has written, before those are answered who asked for it. */
  readonly onCommitted?: (changes: readonly TableChanges[]) => void;
  /** Called with what other writers have committed, when it is heard of. */
  readonly onFollowed?: (changes: readonly TableChanges[]) => void;
  /** Called when other writers may have written what is not known in detail. */
  readonly onMissed?: (trx: Transaction) => Promise<void>;
  /** Called when other writers have come or gone. */
  readonly onOthers?: (others: OtherWriters) => void;
  /** Called once, when the ledger cannot go on: nothing more is decided. */
  readonly onBroken: (error: Error) => void;
}

export interface Ledger {
  /** Decides, and gives the outcome once it is durable. */
  decide(decision: Decision): Promise<Outcome>;
  /** Says that other writers may have committed. */
  followOthers(): void;
  /** Resolves when nothing is under way. */
  settled(): Promise<void>;
}

interface Waiting {
  readonly decision: Decision;
  readonly answer: (outcome: Outcome) => void;
}

interface Decided {
  readonly waiting: Waiting[];
  readonly outcomes: Outcome[];
}

const storageUnavailable = (isOutcomeUnknown: boolean) =>
  new Refusal(
    'STORAGE_UNAVAILABLE',
    isOutcomeUnknown
      ? 'The database failed while it saved this. Whether it was saved is unknown: repeat it with the same Idempotency-Key, if it had one.'
      : 'The database cannot save anything now; nothing was changed. Repeat it with the same Idempotency-Key, if it had one.',
    { retryAfterSeconds: 5 },
  );

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

function answerAll({ waiting, outcomes }: Decided): void {
  assert.equal(outcomes.length, waiting.length);
  for (const [index, { answer }] of waiting.entries()) {
    answer(outcomes[index] as Outcome);
  }
}

/**
 * Group commit: whatever arrived while the previous commit was syncing is decided together, over one book, with one
 * call to the timestamp service, and written by one statement; what comes while that is being written is decided
 * meanwhile. Throws when the database cannot be read.
 */
export async function openLedger(parts: LedgerParts): Promise<Ledger> {
  const { writer, readers = writer } = parts;
  const queue: Waiting[] = [];
  let isBroken = false;
  let running: Promise<void> | undefined;
  let tellOfArrival: () => void = () => {};

  let recentWrites: RecentWrites | undefined;
  /** How many commits of all writers are known in detail, each one up to there; of SQLite, where others write next to nothing, it does not matter. */
  let followedTo: number | undefined;
  let hasHint = false;

  /** What was committed up to here is known only by its result. */
  async function noteMissed(trx: Transaction, commits: number): Promise<void> {
    if (hasBatchLog(writer) && followedTo !== undefined && followedTo !== commits) {
      recentWrites = undefined;
      await parts.onMissed?.(trx);
    }
    followedTo = commits;
  }

  let known: OtherWriters = { count: 0, newest: 0 };
  function noteOthers(others: OtherWriters): void {
    if (others.count !== known.count || others.newest !== known.newest) {
      known = others;
      parts.onOthers?.(others);
    }
  }

  async function readBooks(trx: Transaction): Promise<Books> {
    if (hasBatchLog(trx)) {
      await joinWriters(trx, parts.chain);
    }
    const state = await readBookState(trx, parts);
    await noteMissed(trx, state.commits);
    // Another writer beside SQLite makes no payments of the kind that is recalled, and no keys but its own.
    recentWrites ??= await readRecentWrites(trx, state);
    const book = new Book(state, recentWrites);
    const books = { book, commits: state.commits, newestMicros: state.newestMicros };
    await followLog(trx, parts, books, noteOthers);
    return books;
  }
  const openBooks = (): Promise<Books> => transact(writer, readBooks);
  /** Undefined where what is known may not be what is there: the next batch reads anew. */
  let books: Books | undefined = await openBooks();

  function breakDown(error: Error): void {
    if (!isBroken) {
      isBroken = true;
      parts.onBroken(error);
    }
  }

  /** What follows a commit. An observer that throws changes nothing of what is durable; the ledger stops. */
  function tellOfCommit(changes: readonly TableChanges[], decisions: number, seconds: number): void {
    try {
      parts.meter?.noteBatch({ decisions, seconds }, changes);
      parts.onCommitted?.(changes);
    } catch (error) {
      breakDown(error as Error);
    }
  }

  function refuseAll(waiting: readonly Waiting[], error: unknown, isUnknown: boolean): void {
    const refusal = storageUnavailable(isUnknown);
    const fault = error instanceof StorageFailure ? error : undefined;
    for (const { decision, answer } of waiting) {
      answer({
        ...outcomeOfError(refusal, decision.caller.requestId),
        fault: fault?.message ?? null,
        storageFault: fault?.fault ?? null,
      });
    }
  }

  /** Writes one batch and answers it. Throws StorageFailure, with nobody answered. */
  async function write(decided: Decided, batch: OpenBatch, at: Books): Promise<void> {
    const changes = batch.changes();
    if (changes.length === 0) {
      if (batch.needsTurn) {
        await transact(writer, async () => {});
      }
      await refuseMoved(writer, at.commits);
      answerAll(decided);
      return;
    }
    const numbers = at.book.numbers();
    const startedAtMs = performance.now();
    const { sql, values } = batchStatement(writer, changes, at.commits);
    at.newestMicros = batch.micros ?? at.newestMicros;
    await writeAlone(writer, sql, values);
    at.commits += 1;
    followedTo = at.commits;
    at.book.noteDurable(numbers);
    tellOfCommit(changes, decided.outcomes.length, (performance.now() - startedAtMs) / 1000);
    answerAll(decided);
  }

  /** What was written without the recent writes belongs into them, and who has repeated a key that it did not hold. */
  function recall(changes: readonly TableChanges[], { waiting, outcomes }: Decided): void {
    for (const { table, inserted } of changes) {
      for (const row of inserted) {
        recentWrites?.note(table, row);
      }
    }
    for (const [index, { isReplay, code }] of outcomes.entries()) {
      const { userId } = (waiting[index] as Waiting).decision.caller;
      if (userId !== null && (isReplay || code === 'IDEMPOTENCY_KEY_REUSED')) {
        recentWrites?.noteRepeater(userId);
      }
    }
  }

  /**
   * Decides and writes under the write lock, over books read anew, with all keys looked up: after another writer has moved
   * the books, or where the database has refused a batch. Gives how many of the decisions that were.
   */
  async function commitLocked(waiting: readonly Waiting[]): Promise<number> {
    const startedAtMs = performance.now();
    const { changes, outcomes, commits } = await transact(writer, async (trx) => {
      const state = await readBookState(trx, parts);
      await noteMissed(trx, state.commits);
      const batch = openBatch(parts, new Book(state), state.newestMicros);
      const done = await batch.add(
        trx,
        waiting.map(({ decision }) => decision),
      );
      const written = batch.changes();
      if (written.length > 0) {
        const { sql, values } = batchStatement(trx, written, state.commits);
        await trx.raw(sql, [...values]);
      }
      return { changes: written, outcomes: [...done], commits: state.commits };
    });
    if (changes.length > 0) {
      followedTo = commits + 1;
      tellOfCommit(changes, outcomes.length, (performance.now() - startedAtMs) / 1000);
    }
    const decided = { waiting: waiting.slice(0, outcomes.length), outcomes };
    recall(changes, decided);
    answerAll(decided);
    return outcomes.length;
  }

  /** Answers, for good or ill, what could not be written as a batch. `isLookedUp` where no key was taken for new. */
  async function recover(waiting: readonly Waiting[], error: unknown, isLookedUp = false): Promise<void> {
    books = undefined;
    const failure = error instanceof StorageFailure ? error : undefined;
    if (failure?.fault === 'broken') {
      breakDown(failure);
    }
    if (failure && failure.fault !== 'constraint' && failure.fault !== 'moved') {
      refuseAll(waiting, failure, failure.isOutcomeUnknown);
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
        const done = await commitLocked(next);
        assert(done > 0);
        rest = rest.slice(done);
      } catch (again) {
        assert(!(again instanceof StorageFailure) || again.fault !== 'moved');
        await recover(next, again, true);
        rest = rest.slice(next.length);
      }
    }
  }

  /**
   * Decides and writes under the lock of the books, over what is known and what others have written since: where several
   * write, what was decided without it would be void most of the time.
   */
  async function commitAmongOthers(known: Books): Promise<void> {
    const startedAtMs = performance.now();
    let waiting: readonly Waiting[] = [];
    let tries = 0;
    try {
      const { at, batch, changes, outcomes } = await transact(writer, async (trx) => {
        tries += 1;
        // A try that came to nothing has left its decisions in the book.
        const isFollowed = tries === 1 && (await followLog(trx, parts, known, noteOthers));
        const at = isFollowed ? known : await readBooks(trx);
        followedTo = at.commits;
        waiting = queue.slice(0, largestBatch);
        const batch = openBatch(parts, at.book, at.newestMicros);
        const outcomes = await batch.add(
          trx,
          waiting.map(({ decision }) => decision),
        );
        const changes = batch.changes();
        if (changes.length > 0) {
          const { sql, values } = batchStatement(trx, changes, at.commits);
          await trx.raw(sql, [...values]);
        }
        return { at, batch, changes, outcomes: [...outcomes] };
      });
      books = at;
      if (changes.length > 0) {
        at.newestMicros = batch.micros ?? at.newestMicros;
        at.commits += 1;
        followedTo = at.commits;
        at.book.noteDurable(at.book.numbers());
        tellOfCommit(changes, outcomes.length, (performance.now() - startedAtMs) / 1000);
      }
      answerAll({ waiting: queue.splice(0, outcomes.length), outcomes });
    } catch (error) {
      await recover(queue.splice(0, waiting.length || largestBatch), storageFailure(error));
    }
  }

  /** Takes in what others have written while there is nothing to decide. */
  async function followNow(): Promise<void> {
    hasHint = false;
    try {
      books ??= await openBooks();
      if (!(await followLog(readers, parts, books, noteOthers))) {
        books = await openBooks();
      }
      followedTo = books.commits;
    } catch {
      // The next batch tells what is wrong, and the next hint comes when the database is there again.
      books = undefined;
    }
  }

  const arrival = () =>
    new Promise<void>((resolve) => {
      tellOfArrival = resolve;
    });

  /** What is being written; it never rejects. */
  interface Flight {
    isOver: boolean;
    /** Whether what was decided over it is void, since it was not written as it was decided. */
    hasFailed: boolean;
    readonly landed: Promise<void>;
  }

  function launch(decided: Decided, batch: OpenBatch, at: Books): Flight {
    const flight: { isOver: boolean; hasFailed: boolean; landed: Promise<void> } = {
      isOver: false,
      hasFailed: false,
      landed: Promise.resolve(),
    };
    flight.landed = write(decided, batch, at)
      .catch((error: unknown) => {
        flight.hasFailed = true;
        return recover(decided.waiting, error);
      })
      .finally(() => {
        flight.isOver = true;
      });
    return flight;
  }

  /** Decides what waits, and what comes while the batch before is being written, as one batch. */
  async function gather(batch: OpenBatch, flight: Flight | undefined, decided: Decided): Promise<void> {
    for (;;) {
      // What comes while the timestamp service is asked goes along.
      await batch.prepare(queue.map(({ decision }) => decision));
      const next = queue.slice(0, largestBatch - decided.waiting.length);
      const outcomes = await batch.add(
        readers,
        next.map(({ decision }) => decision),
      );
      assert(
        outcomes.length + decided.waiting.length > 0,
        'The first of a batch can be decided by what it reads.',
      );
      queue.splice(0, outcomes.length);
      decided.waiting.push(...next.slice(0, outcomes.length));
      decided.outcomes.push(...outcomes);
      const isClosed = outcomes.length < next.length || decided.waiting.length >= largestBatch;
      while (flight && !flight.isOver && !isClosed && queue.length < worthDeciding) {
        await Promise.race([flight.landed, arrival()]);
      }
      if (!flight || flight.isOver || isClosed) {
        return;
      }
    }
  }

  async function nextBatch(flight: Flight | undefined): Promise<Flight | undefined> {
    const decided: Decided = { waiting: [], outcomes: [] };
    try {
      books ??= await openBooks();
      if (known.count > 0) {
        await flight?.landed;
        await commitAmongOthers(books ?? (await openBooks()));
        return undefined;
      }
      const at = books;
      const batch = openBatch(parts, at.book, at.newestMicros);
      await gather(batch, flight, decided);
      await flight?.landed;
      if (flight?.hasFailed || isBroken) {
        // They were decided over what was not written, or into books that were read anew meanwhile, or may not be written any more.
        books = undefined;
        queue.unshift(...decided.waiting);
        return undefined;
      }
      return launch(decided, batch, at);
    } catch (error) {
      await flight?.landed;
      const waiting = [...decided.waiting, ...queue.splice(0, largestBatch)];
      await recover(waiting, storageFailure(error));
      return undefined;
    }
  }

  async function run(): Promise<void> {
    let flight: Flight | undefined;
    while (queue.length > 0 || flight || hasHint) {
      if (isBroken) {
        await flight?.landed;
        flight = undefined;
        hasHint = false;
        refuseAll(queue.splice(0), undefined, false);
      } else if (queue.length > 0) {
        flight = await nextBatch(flight);
      } else if (flight?.isOver) {
        flight = undefined;
      } else if (flight === undefined) {
        await followNow();
      } else {
        await Promise.race([flight.landed, arrival()]);
      }
    }
    running = undefined;
  }

  return {
    decide: (decision) =>
      new Promise((answer) => {
        queue.push({ decision, answer });
        tellOfArrival();
        running ??= run();
      }),
    followOthers() {
      hasHint = true;
      tellOfArrival();
      running ??= run();
    },
    settled: async () => running,
  };
}
