import type { TableChanges } from '../book/table-changes.js';
import { changesCallers } from '../judge-credential.js';
import type { LedgerMeter } from '../measure.js';
import type { KnownBooks } from './known-books.js';
import { answerAll, type Decided } from './waiting.js';

export interface ObservingParts {
  /** Called after each commit with what it has written, before those are answered who asked for it. */
  readonly onCommitted?: (changes: readonly TableChanges[]) => void;
  /** Told what there is to measure. */
  readonly meter?: Omit<LedgerMeter, 'take'>;
}

/** What follows a commit: the observers are told of it, and then those are answered who asked for it. */
export class AfterCommit {
  readonly #parts: ObservingParts;
  readonly #books: KnownBooks;
  readonly #breakDown: (error: Error) => void;
  /** What is durable, and answered only when all servers have heard of it. */
  readonly #unanswered = new Set<Promise<void>>();

  /** `breakDown` is told what the ledger cannot go on after. */
  constructor(parts: ObservingParts, books: KnownBooks, breakDown: (error: Error) => void) {
    this.#parts = parts;
    this.#books = books;
    this.#breakDown = breakDown;
  }

  /** Tells the observers. One that throws changes nothing of what is durable; the ledger stops. */
  tell(changes: readonly TableChanges[], decisions: number, startedAtMs: number): void {
    const seconds = (performance.now() - startedAtMs) / 1000;
    try {
      this.#parts.meter?.noteBatch({ decisions, seconds }, changes);
      this.#parts.onCommitted?.(changes);
    } catch (error) {
      this.#breakDown(error as Error);
    }
  }

  /**
   * Answers what was written by the commit of that number; where it changes who may do what, when all servers have heard of it,
   * so that nothing is let through anywhere once somebody was told that it is over.
   */
  answer(decided: Decided, changes: readonly TableChanges[], commits: number): void {
    const heard = changesCallers(changes) ? this.#books.heardByAll(commits) : undefined;
    if (heard === undefined) {
      answerAll(decided);
      return;
    }
    const answered = heard.then(() => {
      this.#unanswered.delete(answered);
      answerAll(decided);
    });
    this.#unanswered.add(answered);
  }

  /** Resolves when all that was written is answered. */
  async settled(): Promise<void> {
    await Promise.all(this.#unanswered);
  }
}
