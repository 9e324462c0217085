import type { Committer, PackedBatch } from './commit.js';
import type { Books } from './follow-log.js';
import type { Decided } from './waiting.js';

/** A batch that is being written; what cannot be written is recovered before it lands. */
export class Flight {
  /** How many decisions it holds. */
  readonly size: number;
  /** Never rejects. */
  readonly landed: Promise<void>;
  #isOver = false;
  #hasFailed = false;

  constructor(committer: Committer, decided: Decided, batch: PackedBatch, at: Books) {
    this.size = decided.waiting.length;
    this.landed = committer
      .write(decided, batch, at)
      .catch((error: unknown) => {
        this.#hasFailed = true;
        return committer.recover(decided.waiting, error);
      })
      .finally(() => {
        this.#isOver = true;
      });
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Whether what was decided over it is void, since it was not written as it was decided. */
  get hasFailed(): boolean {
    return this.#hasFailed;
  }
}
