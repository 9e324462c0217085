import { randomInt } from 'node:crypto';

/**
 * SQLite's user_version tells whether a database is in use: above 0 it is, and its newest commits may be in the log beside it
 * only; below, it was ended cleanly and is whole without one; 0 is one that was never used. The number is one by chance whenever
 * the log is copied, and goes on by ones between, so that a log that holds it belongs to this database as it stands.
 */
export type UseMark = number;

const largest = 2 ** 31 - 1;

/** The mark of a database in use whose log is copied now. By chance, since two copies of one database would go on alike by ones. */
export const makeUsedMark = (): UseMark => randomInt(1, largest);

export const isInUse = (mark: UseMark): boolean => mark > 0;

/** The mark of a database that is made just now, or copied. */
export const makeUnusedMark = (): UseMark => -randomInt(1, largest);

/** The mark of a database in use after `mark`. */
export const nextMark = (mark: UseMark): UseMark => {
  const number = Math.abs(mark);
  return number >= largest ? 1 : number + 1;
};

/** The mark of a clean end after `mark`. */
export const endMark = (mark: UseMark): UseMark => -nextMark(mark);
