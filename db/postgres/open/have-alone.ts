import { type Database, openMaker } from '../../connect.js';
import { DatabaseHeld, DatabaseProblem } from '../../files/database-problem.js';
import { shownPlace } from '../place.js';
import { countWriters, waitForLock } from '../writers/locks.js';
import { postgresProblem } from './postgres-problem.js';
import { refuseUnfit } from './refuse-unfit.js';

/** How long a server that is being started is waited for. */
const waitMs = 2_000;

/** Opens a database that no server uses, and that none begins to use before the connection is closed. Throws DatabaseProblem. */
export async function haveAlone(url: string): Promise<Database> {
  const database = openMaker(url);
  try {
    await refuseUnfit(database, url);
    if (!(await waitForLock(database, 'schema', waitMs))) {
      throw new DatabaseHeld(`Another program works on ${shownPlace(url)}. Wait for it, then try again.`);
    }
    if ((await countWriters(database)) > 0) {
      throw new DatabaseProblem(`A pay-server runs on ${shownPlace(url)}. Stop all of them first.`);
    }
    return database;
  } catch (error) {
    await database.destroy();
    throw postgresProblem(url, error);
  }
}
