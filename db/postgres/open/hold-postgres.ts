import { type Database, openMaker } from '../../connect.js';
import { DatabaseHeld } from '../../files/database-problem.js';
import { shownPlace } from '../place.js';
import { inspectTriggers, readAppliedMigrations } from './inspect-books.js';
import { makeBatchFunction, migratePostgres, pendingPostgresMigrations } from './postgres-migrations.js';
import { postgresProblem } from './postgres-problem.js';
import { refuseUnfit } from './refuse-unfit.js';
import { keepServerLock, waitForLock } from './server-lock.js';

/** How long a lock is waited for that its holder is about to give back. */
const handOverMs = 2_000;

interface HeldPostgres {
  readonly file: string;
  readonly applied: readonly string[];
  readonly copy: undefined;
  /** Resolves with the reason when somebody else has taken the database. */
  readonly lost: Promise<string>;
  release(): Promise<void>;
}

/** Makes the books where there are none, and brings those that are there up to date. Gives what it applied to the latter. */
async function prepare(database: Database, url: string): Promise<readonly string[]> {
  const applied = await readAppliedMigrations(database, url);
  const pending = pendingPostgresMigrations(applied ?? []);
  if (pending.length > 0) {
    await migratePostgres(database);
  } else {
    await makeBatchFunction(database);
  }
  await inspectTriggers(database, url);
  return applied === undefined ? [] : pending;
}

/**
 * Takes a database of PostgreSQL for this server alone and brings it up to date, ready for `openWriter` and `openReaders`.
 * Throws DatabaseProblem: one that cannot be reached, does not keep what it acknowledges, is too old, is used by something
 * else, is newer than the program, or is held by another server.
 */
export async function holdPostgres(url: string): Promise<HeldPostgres> {
  const database = openMaker(url);
  try {
    await refuseUnfit(database, url);
    if (!(await waitForLock(database, 'server', handOverMs))) {
      throw new DatabaseHeld(
        `Another pay-server is running on ${shownPlace(url)}. Stop it first, or name another database in PAY_DATABASE_URL.`,
      );
    }
    const applied = await prepare(database, url);
    return { file: url, applied, copy: undefined, ...(await keepServerLock(database)) };
  } catch (error) {
    await database.destroy();
    throw postgresProblem(url, error);
  }
}
