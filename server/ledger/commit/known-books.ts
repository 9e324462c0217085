import type { Database, Transaction } from '../../../db/connect.js';
import {
  hasBatchLog,
  type LoggedBatches,
  openingLog,
  readBatchLog,
} from '../../../db/postgres/writers/batch-log.js';
import { waitUntilHeard } from '../../../db/postgres/writers/hearing.js';
import { joinWriters } from '../../../db/postgres/writers/writers.js';
import { transact } from '../../../db/transact.js';
import type { BookState } from '../book/book-state.js';
import { LedgerBook } from '../book/ledger-book.js';
import type { RecentWrites } from '../book/recent-writes.js';
import type { TableChanges } from '../book/table-changes.js';
import { type Books, takeInLog } from './follow-log.js';
import { type OpeningParts, readBookState, readRecentWrites } from './persist.js';
import type { Decided } from './waiting.js';

export interface KnowingParts extends OpeningParts {
  readonly writer: Database;
  /** Connections that look things up while the writer writes; the writer itself where none are given. */
  readonly readers?: Database;
  /** Called with what other writers have committed, and the number of the commit, when it is heard of. */
  readonly onFollowed?: (changes: readonly TableChanges[], commits: number) => void;
  /** Called when other writers may have written, up to so many commits, what is not known in detail. */
  readonly onMissed?: (trx: Transaction, commits: number) => Promise<void>;
  /** Called when other writers have come or gone. */
  readonly onOthers?: (others: number) => void;
}

/** The books that a ledger keeps in its memory from one batch to the next. */
export class KnownBooks {
  readonly #parts: KnowingParts;
  /** The books; undefined where what is known may not be what is there. */
  #books: Books | undefined;
  #recentWrites: RecentWrites | undefined;
  /**
   * The count of commits of all writers that are known in detail, each one up to there; of SQLite, where others write next
   * to nothing, it does not matter.
   */
  #followedTo: number | undefined;
  #others = 0;

  constructor(parts: KnowingParts) {
    this.#parts = parts;
  }

  /** Whether other writers were there when the database was last looked at. */
  get hasCompany(): boolean {
    return this.#others > 0;
  }

  /** The books as they are known; read anew where that may not be what is there. Throws when the database cannot be read. */
  async get(): Promise<Books> {
    this.#books ??= await this.#readNow();
    return this.#books;
  }

  /** Whether there are so many commits that the books that are known are not of the newest. */
  isBehind(commits: number): boolean {
    return commits > (this.#books?.commits ?? 0);
  }

  /** From now on these are the books. */
  keep(books: Books): void {
    this.#books = books;
  }

  /** Whoever asks next reads anew. */
  forget(): void {
    this.#books = undefined;
  }

  #readNow(): Promise<Books> {
    return transact(this.#parts.writer, (trx) => this.#readIn(trx));
  }

  async #readIn(trx: Transaction): Promise<Books> {
    if (hasBatchLog(trx)) {
      await joinWriters(trx, this.#parts.chain);
    }
    const state = await this.readState(trx);
    // Another writer beside SQLite makes no payments of the kind that is recalled, and no keys but its own.
    this.#recentWrites ??= await readRecentWrites(trx, state);
    const { commits, newestMicros } = state;
    const books = { book: new LedgerBook(state, this.#recentWrites), commits, newestMicros };
    await this.#follow(trx, books);
    return books;
  }

  /** Where the books stand under the lock of the transaction; what was committed until then is known only by its result. */
  async readState(trx: Transaction): Promise<BookState> {
    const state = await readBookState(trx, this.#parts);
    if (hasBatchLog(trx) && this.#followedTo !== undefined && this.#followedTo !== state.commits) {
      this.#recentWrites = undefined;
      await this.#parts.onMissed?.(trx, state.commits);
    }
    this.#followedTo = state.commits;
    return state;
  }

  async #follow(database: Database | Transaction, books: Books): Promise<boolean> {
    return (
      !hasBatchLog(database) ||
      this.#takeIn(await readBatchLog(database, this.#parts.chain, books.commits), books)
    );
  }

  #takeIn(logged: LoggedBatches, books: Books): boolean {
    const { others } = logged;
    if (others !== this.#others) {
      this.#others = others;
      this.#parts.onOthers?.(others);
    }
    return takeInLog(logged, this.#parts.onFollowed, books);
  }

  /** What a transaction that goes on from these books reads in the log as soon as it has the books for itself. */
  openingLog(known: Books): ReturnType<typeof openingLog> {
    return openingLog(this.#parts.chain, known.commits);
  }

  /**
   * The books as they are under the lock of the transaction, by what it found in the log; undefined where that does not count, since
   * the transaction is tried again and what the try before decided is still in the books that are known.
   */
  async getIn(trx: Transaction, known: Books, logged: LoggedBatches | undefined): Promise<Books> {
    const isFollowed = logged !== undefined && this.#takeIn(logged, known);
    const books = isFollowed ? known : await this.#readIn(trx);
    this.#followedTo = books.commits;
    return books;
  }

  /** Takes in what others have written. */
  async followNow(): Promise<void> {
    const { writer, readers = writer } = this.#parts;
    try {
      const known = await this.get();
      if (!(await this.#follow(readers, known))) {
        this.#books = await this.#readNow();
      }
      this.#followedTo = this.#books?.commits;
    } catch {
      // The next batch tells what is wrong, and the next hint comes when the database is there again.
      this.forget();
    }
  }

  /**
   * Resolves when all servers have heard of what this writer's commit of that number has changed of callers, whether they were known
   * of or not; undefined where no other can keep some in mind.
   */
  heardByAll(commits: number): Promise<void> | undefined {
    const { writer, readers = writer, chain } = this.#parts;
    return hasBatchLog(writer) ? waitUntilHeard(readers, chain, commits) : undefined;
  }

  /** Takes in that one's own batch is the newest commit. `numbers` are those of the book when the batch was decided. */
  noteCommitted(books: Books, numbers: ReturnType<LedgerBook['numbers']>): void {
    books.commits += 1;
    this.#followedTo = books.commits;
    books.book.noteDurable(numbers);
  }

  /** Takes in a batch that was decided over a book of its own: what is recent, and who has repeated a key that was not held. */
  noteApart(commits: number, changes: readonly TableChanges[], { waiting, outcomes }: Decided): void {
    if (changes.length > 0) {
      this.#followedTo = commits + 1;
    }
    for (const { table, inserted } of changes) {
      for (const row of inserted) {
        this.#recentWrites?.note(table, row);
      }
    }
    for (const [index, { isReplay, code }] of outcomes.entries()) {
      const userId = waiting[index]?.decision.caller.userId ?? null;
      if (userId !== null && (isReplay || code === 'IDEMPOTENCY_KEY_REUSED')) {
        this.#recentWrites?.noteRepeater(userId);
      }
    }
  }
}
