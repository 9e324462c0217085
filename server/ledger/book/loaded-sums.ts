import type { Lookup, Sum } from './lookup.js';
import { NotLoaded } from './not-loaded.js';
import type { Row } from './row-index.js';

const sumKey = ({ table, where, sum }: Lookup) => JSON.stringify([table, where, sum]);

/** The sums that were read for a batch, each of the rows that were in the database then. */
export class LoadedSums {
  readonly #sums = new Map<string, Sum>();

  has(read: Lookup): boolean {
    return this.#sums.has(sumKey(read));
  }

  load(read: Lookup, sum: Sum): void {
    this.#sums.set(sumKey(read), sum);
  }

  clear(): void {
    this.#sums.clear();
  }

  /** The sum with those of the inserted rows that are newer than the durable ones. Throws NotLoaded where it was not read. */
  withInserted(read: Lookup, inserted: readonly Row[], durableId: number): Sum {
    const loaded = this.#sums.get(sumKey(read));
    if (!loaded || !read.sum) {
      throw new NotLoaded(read.table, read.where);
    }
    const { of, since } = read.sum;
    let { sum, first } = loaded;
    for (const row of inserted) {
      const value = Number(row[since.column]);
      if (Number(row.id) > durableId && value >= since.from) {
        sum += Number(row[of]);
        first = Math.min(first ?? value, value);
      }
    }
    return { sum, first };
  }
}
