import { type Database, openMaker } from '../../connect.js';
import { DatabaseProblem } from '../../files/database-problem.js';
import { shownPlace } from '../place.js';
import { keepLock } from '../writers/keep-lock.js';
import { countWriters, takeChain, unlock, waitForLock } from '../writers/locks.js';
import { keepPlace, type Place } from '../writers/place.js';
import { inspectTriggers, readAppliedMigrations } from './inspect-books.js';
import { makeBatchFunctions, migratePostgres, pendingPostgresMigrations } from './postgres-migrations.js';
import { postgresProblem } from './postgres-problem.js';
import { refuseUnfit } from './refuse-unfit.js';

/** How long another is waited for that makes or changes the schema. */
const schemaTurnMs = 30_000;

interface HeldPostgres {
  readonly file: string;
  readonly applied: readonly string[];
  readonly copy: undefined;
  readonly place: Place;
  /** Resolves with the reason when somebody else has taken the chain. */
  readonly lost: Promise<string>;
  release(): Promise<void>;
}

/** Makes the books where there are none, and brings those that are there up to date. Gives what it applied to the latter. */
async function prepare(database: Database, url: string): Promise<readonly string[]> {
  const applied = await readAppliedMigrations(database, url);
  const pending = pendingPostgresMigrations(applied ?? []);
  if (pending.length > 0) {
    if ((await countWriters(database)) > 0) {
      throw new DatabaseProblem(
        `A pay-server of an older version runs on ${shownPlace(url)}. Stop all of them, then start this one: it brings the database up to date.`,
      );
    }
    await migratePostgres(database);
  } else {
    await makeBatchFunctions(database);
  }
  await inspectTriggers(database, url);
  return applied === undefined ? [] : pending;
}

/**
 * Takes a place among the servers on a database of PostgreSQL and brings it up to date, ready for `openWriter` and
 * `openReaders`; of those that come at the same moment one at a time. Throws DatabaseProblem: one that cannot be reached,
 * does not keep what it acknowledges, is too old, is used by something else, or is newer or older than the program while
 * others use it.
 */
export async function holdPostgres(url: string): Promise<HeldPostgres> {
  const database = openMaker(url);
  try {
    await refuseUnfit(database, url);
    if (!(await waitForLock(database, 'schema', schemaTurnMs))) {
      throw new DatabaseProblem(
        `Another pay-server has been bringing ${shownPlace(url)} up to date for half a minute, or is of a version that takes the database for itself. Wait for it, or stop it, then try again.`,
      );
    }
    const applied = await prepare(database, url);
    const chain = await takeChain(database);
    if (chain === undefined) {
      throw new DatabaseProblem(`As many pay-servers run on ${shownPlace(url)} as may. Stop one first.`);
    }
    await unlock(database, 'schema');
    const lock = await keepLock(database, { chain });
    if (lock === undefined) {
      throw new DatabaseProblem(
        `The connection to ${shownPlace(url)} broke while this pay-server took its place among the others. Try again.`,
      );
    }
    const place = keepPlace(database, chain, lock);
    return {
      ...{ file: url, applied, copy: undefined, place, lost: lock.lost },
      release() {
        place.stop();
        return lock.release();
      },
    };
  } catch (error) {
    await database.destroy();
    throw postgresProblem(url, error);
  }
}
