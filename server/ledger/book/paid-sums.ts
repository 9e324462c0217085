import type { PaidKey, PaidSum } from '../../../db/select-paid.js';

/** More sums than these are not kept; what was asked for longest ago is forgotten first. */
const mostSums = 20_000;

const nameOf = ([userId, kind]: PaidKey) => `${kind} ${userId}`;

/**
 * The sums of what users have paid, as they were read last. Payments never change: the next batch reads what has come since
 * then, and what does not count any more, however much somebody has paid in between.
 */
export class PaidSums {
  readonly #sums = new Map<string, PaidSum>();

  get(key: PaidKey): PaidSum | undefined {
    return this.#sums.get(nameOf(key));
  }

  keep(key: PaidKey, { sum, from, upTo }: PaidSum): void {
    const name = nameOf(key);
    this.#sums.delete(name);
    // What passes the safe integers is not exact, and would stay wrong.
    if (!Number.isSafeInteger(sum)) {
      return;
    }
    this.#sums.set(name, { sum, from, upTo });
    if (this.#sums.size > mostSums) {
      const [oldest] = this.#sums.keys();
      this.#sums.delete(oldest as string);
    }
  }
}
