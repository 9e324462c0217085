import assert from 'node:assert/strict';

/**
 * The turns in which decisions go to the ledger: of each user so many at a time, so that whoever asks for much at once waits
 * for themselves and the others wait for few. Users who ask for less than that cost one look at a table and are never kept
 * waiting.
 */
export class Turns {
  readonly #atOnce: number;
  readonly #mostWaiting: number;
  /** How many of each user are with the ledger. */
  readonly #underWay = new Map<number, number>();
  /** The numbers that wait, in order, by users who have as many with the ledger as may be. */
  readonly #lines = new Map<number, number[]>();

  constructor(atOnce: number, mostWaiting: number) {
    this.#atOnce = atOnce;
    this.#mostWaiting = mostWaiting;
  }

  /** Whether as many of the user wait as may. */
  isFull(userId: number): boolean {
    return (this.#lines.get(userId)?.length ?? 0) >= this.#mostWaiting;
  }

  /** Whether what has this number goes at once; otherwise it stands in line. */
  take(userId: number, number: number): boolean {
    const underWay = this.#underWay.get(userId) ?? 0;
    if (underWay < this.#atOnce) {
      this.#underWay.set(userId, underWay + 1);
      return true;
    }
    const line = this.#lines.get(userId);
    if (line === undefined) {
      this.#lines.set(userId, [number]);
    } else {
      line.push(number);
    }
    return false;
  }

  /** Takes in that one of the user is back, and gives the number of the one that goes in its place. */
  giveBack(userId: number): number | undefined {
    const line = this.#lines.get(userId);
    const next = line?.shift();
    if (line?.length === 0) {
      this.#lines.delete(userId);
    }
    if (next === undefined) {
      const underWay = this.#underWay.get(userId);
      assert(underWay !== undefined && underWay > 0, 'What comes back has gone before.');
      if (underWay === 1) {
        this.#underWay.delete(userId);
      } else {
        this.#underWay.set(userId, underWay - 1);
      }
    }
    return next;
  }

  /** Lets go all that wait, in the order of each user, and gives their numbers. */
  letAllGo(): readonly number[] {
    const numbers: number[] = [];
    for (const [userId, line] of this.#lines) {
      this.#underWay.set(userId, (this.#underWay.get(userId) ?? 0) + line.length);
      numbers.push(...line);
    }
    this.#lines.clear();
    return numbers;
  }
}
