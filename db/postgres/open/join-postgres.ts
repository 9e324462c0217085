import { openMaker } from '../../connect.js';
import { DatabaseProblem } from '../../files/database-problem.js';
import { shownPlace } from '../place.js';
import { chainOfTurns, tryLock, waitForLock } from '../writers/locks.js';
import { holdPostgres } from './hold-postgres.js';
import { postgresProblem } from './postgres-problem.js';

/** How long those that come at the same moment wait for each other. */
const turnMs = 120_000;

interface JoinedPostgres {
  readonly file: string;
  readonly copy: undefined;
  leave(): Promise<void>;
}

/**
 * Takes a place beside servers that may run on the database, or may start at any moment: one process at a time, the others
 * wait for their turn. Makes the books where there are none. Throws DatabaseProblem as `holdPostgres` does.
 */
export async function joinPostgres(url: string): Promise<JoinedPostgres> {
  const database = openMaker(url);
  try {
    if (!(await waitForLock(database, 'turn', turnMs))) {
      throw new DatabaseProblem(`Others have used ${shownPlace(url)} for two minutes. Try again.`);
    }
    const held = await holdPostgres(url);
    await held.release();
    await tryLock(database, { chain: chainOfTurns });
    return { file: url, copy: undefined, leave: () => database.destroy() };
  } catch (error) {
    await database.destroy();
    throw postgresProblem(url, error);
  }
}
