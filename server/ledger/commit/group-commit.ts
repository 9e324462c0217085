import assert from 'node:assert/strict';
import { storageFailure } from '../../../db/transact.js';
import type { Ledger } from '../ledger.js';
import type { Outcome } from '../outcome.js';
import type { Decision } from '../rule.js';
import { Committer, type CommittingParts } from './commit.js';
import { Flight } from './flight.js';
import { KnownBooks } from './known-books.js';
import { type OpenBatch, openBatch } from './open-batch.js';
import { TimeAhead } from './time-ahead.js';
import { decisionsOf, refuseAll, type Waiting } from './waiting.js';

/** More would make those at the front wait for the last without sparing a sync that matters. */
const largestBatch = 512;

/** While a batch is being written, the next is decided as soon as so many wait: for fewer a look into the database costs too much. */
const worthDeciding = 8;

export interface LedgerParts extends CommittingParts {
  /** Called once, when the ledger cannot go on: nothing more is decided. */
  readonly onBroken: (error: Error) => void;
}

/** The decisions of a batch that is still added to. */
interface Gathered {
  readonly waiting: Waiting[];
  readonly outcomes: Outcome[];
}

/**
 * Group commit: whatever arrived while the previous commit was syncing is decided together, over one book, with one
 * call to the timestamp service, and written by one statement; what comes while that is being written is decided
 * meanwhile.
 */
class GroupCommit implements Ledger {
  readonly #parts: LedgerParts;
  readonly #books: KnownBooks;
  readonly #committer: Committer;
  readonly #timeAhead: TimeAhead;
  readonly #queue: Waiting[] = [];
  #isBroken = false;
  /** How many commits there are by hearsay. */
  #hinted = 0;
  #running: Promise<void> | undefined;
  #tellOfArrival: () => void = () => {};

  constructor(parts: LedgerParts, books: KnownBooks) {
    this.#parts = parts;
    this.#books = books;
    this.#committer = new Committer(parts, books, (error) => this.#breakDown(error));
    this.#timeAhead = new TimeAhead(parts);
  }

  decide(decision: Decision): Promise<Outcome> {
    return new Promise((answer) => {
      this.#queue.push({ decision, answer });
      this.#begin();
    });
  }

  followOthers(commits: number): void {
    this.#hinted = Math.max(this.#hinted, commits);
    if (this.#books.isBehind(this.#hinted)) {
      this.#begin();
    }
  }

  async settled(): Promise<void> {
    await this.#running;
    await this.#committer.settled();
  }

  #breakDown(error: Error): void {
    if (!this.#isBroken) {
      this.#isBroken = true;
      this.#parts.onBroken(error);
    }
  }

  /** The caller has given it something to do: what has nothing to wait for would be over before it has begun. */
  #begin(): void {
    this.#tellOfArrival();
    this.#running ??= this.#run();
  }

  #arrival(): Promise<void> {
    return new Promise((resolve) => {
      this.#tellOfArrival = resolve;
    });
  }

  async #run(): Promise<void> {
    let flight: Flight | undefined;
    while (this.#queue.length > 0 || flight || this.#books.isBehind(this.#hinted)) {
      if (this.#isBroken) {
        await flight?.landed;
        flight = undefined;
        this.#hinted = 0;
        refuseAll(this.#queue.splice(0));
      } else if (this.#queue.length > 0) {
        flight = await this.#nextBatch(flight);
      } else if (flight?.isOver) {
        flight = undefined;
      } else if (flight === undefined) {
        this.#hinted = 0;
        await this.#books.followNow();
      } else {
        await Promise.race([flight.landed, this.#arrival()]);
      }
    }
    this.#running = undefined;
  }

  /** Decides and launches what waits, when the flight before it has landed. Gives its flight; undefined where all is answered or has to be decided again. */
  async #nextBatch(flight: Flight | undefined): Promise<Flight | undefined> {
    const books = this.#books;
    const committer = this.#committer;
    const queue = this.#queue;
    const decided: Gathered = { waiting: [], outcomes: [] };
    try {
      const at = await books.get();
      if (books.hasCompany) {
        await flight?.landed;
        const first = () => queue.slice(0, largestBatch);
        queue.splice(0, await committer.writeAmongOthers(first, await books.get()));
        return undefined;
      }
      const batch = openBatch(this.#parts, at.book, at.newestMicros, this.#timeAhead.take());
      await this.#gather(batch, flight, decided);
      // To put a payout of many into its statement takes so long that it had better not wait for that.
      const packed = committer.pack(batch);
      await flight?.landed;
      if (flight?.hasFailed || this.#isBroken) {
        // They were decided over what was not written, or into books that were read anew meanwhile, or may not be written any more.
        books.forget();
        queue.unshift(...decided.waiting);
        return undefined;
      }
      // Where one full batch follows another, the next comes in no time.
      if (flight && Math.min(flight.size, decided.waiting.length) >= worthDeciding) {
        this.#timeAhead.ask(decisionsOf(decided.waiting));
      }
      return new Flight(committer, decided, packed, at);
    } catch (error) {
      await flight?.landed;
      const waiting = [...decided.waiting, ...queue.splice(0, largestBatch)];
      await committer.recover(waiting, storageFailure(error));
      return undefined;
    }
  }

  /** Decides what waits, and what comes while the batch before is being written, as one batch. */
  async #gather(batch: OpenBatch, flight: Flight | undefined, decided: Gathered): Promise<void> {
    const { writer, readers = writer } = this.#parts;
    const queue = this.#queue;
    for (;;) {
      // What comes while the timestamp service is asked goes along.
      await batch.prepare(decisionsOf(queue));
      const next = queue.slice(0, largestBatch - decided.waiting.length);
      const outcomes = await batch.add(readers, decisionsOf(next));
      assert(
        outcomes.length + decided.waiting.length > 0,
        'The first of a batch can be decided by what it reads.',
      );
      queue.splice(0, outcomes.length);
      decided.waiting.push(...next.slice(0, outcomes.length));
      decided.outcomes.push(...outcomes);
      const isClosed =
        outcomes.length < next.length || decided.waiting.length >= largestBatch || batch.isFull;
      while (flight && !flight.isOver && !isClosed && queue.length < worthDeciding) {
        await Promise.race([flight.landed, this.#arrival()]);
      }
      if (!flight || flight.isOver || isClosed) {
        return;
      }
    }
  }
}

/** Opens the books, and gives the ledger that keeps them. Throws when the database cannot be read. */
export async function openLedger(parts: LedgerParts): Promise<Ledger> {
  const books = new KnownBooks(parts);
  await books.get();
  return new GroupCommit(parts, books);
}
