import assert from 'node:assert/strict';
import { storageFailure } from '../../db/transact.js';
import { Committer, type CommittingParts, type PackedBatch } from './commit.js';
import type { Outcome } from './decide-batch.js';
import type { Books } from './follow-log.js';
import { KnownBooks } from './known-books.js';
import { type OpenBatch, openBatch } from './open-batch.js';
import type { Decision } from './rule.js';
import { TimeAhead } from './time-ahead.js';
import { type Decided, decisionsOf, refuseAll, type Waiting } from './waiting.js';

/** More would make those at the front wait for the last without sparing a sync that matters. */
const largestBatch = 512;

/** While a batch is being written, the next is decided as soon as so many wait: for fewer a look into the database costs too much. */
const worthDeciding = 8;

export interface LedgerParts extends CommittingParts {
  /** Called once, when the ledger cannot go on: nothing more is decided. */
  readonly onBroken: (error: Error) => void;
}

export interface Ledger {
  /** Decides, and gives the outcome once it is durable. */
  decide(decision: Decision): Promise<Outcome>;
  /** Says that there may be so many commits of all writers. */
  followOthers(commits: number): void;
  /** Resolves when nothing is under way, and all is answered. */
  settled(): Promise<void>;
}

/** What is being written; it never rejects. */
interface Flight {
  /** How many decisions it holds. */
  readonly size: number;
  isOver: boolean;
  /** Whether what was decided over it is void, since it was not written as it was decided. */
  hasFailed: boolean;
  readonly landed: Promise<void>;
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
  /** How many commits there are by hearsay. */
  let hinted = 0;
  let running: Promise<void> | undefined;
  let tellOfArrival: () => void = () => {};

  const books = new KnownBooks(parts);
  const timeAhead = new TimeAhead(parts);
  const committer = new Committer(parts, books, (error) => {
    if (!isBroken) {
      isBroken = true;
      parts.onBroken(error);
    }
  });
  await books.get();

  const arrival = () =>
    new Promise<void>((resolve) => {
      tellOfArrival = resolve;
    });

  function launch(decided: Decided, batch: PackedBatch, at: Books): Flight {
    const flight: { size: number; isOver: boolean; hasFailed: boolean; landed: Promise<void> } = {
      size: decided.waiting.length,
      isOver: false,
      hasFailed: false,
      landed: Promise.resolve(),
    };
    flight.landed = committer
      .write(decided, batch, at)
      .catch((error: unknown) => {
        flight.hasFailed = true;
        return committer.recover(decided.waiting, error);
      })
      .finally(() => {
        flight.isOver = true;
      });
    return flight;
  }

  /** Decides what waits, and what comes while the batch before is being written, as one batch. */
  async function gather(
    batch: OpenBatch,
    flight: Flight | undefined,
    decided: { waiting: Waiting[]; outcomes: Outcome[] },
  ): Promise<void> {
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
        await Promise.race([flight.landed, arrival()]);
      }
      if (!flight || flight.isOver || isClosed) {
        return;
      }
    }
  }

  async function nextBatch(flight: Flight | undefined): Promise<Flight | undefined> {
    const decided: { waiting: Waiting[]; outcomes: Outcome[] } = { waiting: [], outcomes: [] };
    try {
      const at = await books.get();
      if (books.hasCompany) {
        await flight?.landed;
        const first = () => queue.slice(0, largestBatch);
        queue.splice(0, await committer.writeAmongOthers(first, await books.get()));
        return undefined;
      }
      const batch = openBatch(parts, at.book, at.newestMicros, timeAhead.take());
      await gather(batch, flight, decided);
      // To put a payout of many into its statement takes so long that it had better not wait for that.
      const packed = committer.pack(batch);
      await flight?.landed;
      if (flight?.hasFailed || isBroken) {
        // They were decided over what was not written, or into books that were read anew meanwhile, or may not be written any more.
        books.forget();
        queue.unshift(...decided.waiting);
        return undefined;
      }
      // Where one full batch follows another, the next comes in no time.
      if (flight && Math.min(flight.size, decided.waiting.length) >= worthDeciding) {
        timeAhead.ask(decisionsOf(decided.waiting));
      }
      return launch(decided, packed, at);
    } catch (error) {
      await flight?.landed;
      const waiting = [...decided.waiting, ...queue.splice(0, largestBatch)];
      await committer.recover(waiting, storageFailure(error));
      return undefined;
    }
  }

  async function run(): Promise<void> {
    let flight: Flight | undefined;
    while (queue.length > 0 || flight || books.isBehind(hinted)) {
      if (isBroken) {
        await flight?.landed;
        flight = undefined;
        hinted = 0;
        refuseAll(queue.splice(0));
      } else if (queue.length > 0) {
        flight = await nextBatch(flight);
      } else if (flight?.isOver) {
        flight = undefined;
      } else if (flight === undefined) {
        hinted = 0;
        await books.followNow();
      } else {
        await Promise.race([flight.landed, arrival()]);
      }
    }
    running = undefined;
  }

  /** The caller has given it something to do: what has nothing to wait for would be over before it has begun. */
  const begin = () => {
    tellOfArrival();
    running ??= run();
  };

  return {
    decide: (decision) =>
      new Promise((answer) => {
        queue.push({ decision, answer });
        begin();
      }),
    followOthers(commits) {
      hinted = Math.max(hinted, commits);
      if (books.isBehind(hinted)) {
        begin();
      }
    },
    async settled() {
      await running;
      await committer.settled();
    },
  };
}
