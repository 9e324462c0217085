import { openMaker } from '../../connect.js';
import { DatabaseHeld, DatabaseProblem } from '../../files/database-problem.js';
import { shownPlace } from '../place.js';
import { holdPostgres } from './hold-postgres.js';
import { pendingIn } from './inspect-books.js';
import { postgresProblem } from './postgres-problem.js';
import { waitForLock } from './server-lock.js';

/** How long those that come at the same moment wait for each other. */
const turnMs = 120_000;

interface JoinedPostgres {
  readonly file: string;
  readonly copy: undefined;
  leave(): Promise<void>;
}

/** Brings the books up to date as a start does, unless a server has them, which has done so. */
async function prepare(url: string): Promise<void> {
  try {
    const held = await holdPostgres(url);
    await held.release();
  } catch (error) {
    if (!(error instanceof DatabaseHeld)) {
      throw error;
    }
  }
}

/**
 * Takes a place beside a server that may run on the database, or may start at any moment: one process at a time, the others
 * wait for their turn. Makes the books where there are none. Throws DatabaseProblem as `holdPostgres` does.
 */
export async function joinPostgres(url: string): Promise<JoinedPostgres> {
  const database = openMaker(url);
  try {
    if (!(await waitForLock(database, 'turn', turnMs))) {
      throw new DatabaseProblem(`Others have used ${shownPlace(url)} for two minutes. Try again.`);
    }
    await prepare(url);
    if ((await pendingIn(database, url)).length > 0) {
      throw new DatabaseProblem(
        `The pay-server that runs on ${shownPlace(url)} is of an older version. Stop it, then try again, and start it anew.`,
      );
    }
    return { file: url, copy: undefined, leave: () => database.destroy() };
  } catch (error) {
    await database.destroy();
    throw postgresProblem(url, error);
  }
}
