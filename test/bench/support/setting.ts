import type { BooksSize, SeededBooks } from './books.js';
import type { Ending } from './ending.js';
import type { LoadTools } from './load/load.js';
import type { Town } from './town.js';

/** The sizes of what is done. */
export interface Sizes {
  /** Rounds of everything that is measured in turns. */
  readonly rounds: number;
  /** Seconds of one load in one round. */
  readonly seconds: number;
  /** What the row of large books pays into. */
  readonly large: BooksSize;
  /** What is looked through, checked and backed up. */
  readonly looked: BooksSize;
  /** Payments after which the memory is looked at. */
  readonly paymentsOfFootprint: number;
  /** In which what is left of the load is cleared away: V8 collects a few times more within half a minute. */
  readonly settleSeconds: number;
  readonly idleSeconds: number;
  /** Seconds of half the peak. */
  readonly mixedSeconds: number;
}

/** The setting of every measurement. */
export interface Setting {
  readonly isQuick: boolean;
  readonly sizes: Sizes;
  /** A folder of the run's own, gone after it. */
  readonly folder: string;
  readonly ending: Ending;
  readonly tools: LoadTools;
  /** A server with a thousand users, beside the reference; started when it is first asked for. */
  readonly town: () => Promise<Town>;
  /** Books with many payments; made when they are first asked for. */
  readonly books: (size: BooksSize) => Promise<SeededBooks>;
  /** Says what is under way. */
  readonly tell: (line: string) => void;
}
