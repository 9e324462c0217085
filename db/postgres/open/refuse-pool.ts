import { type Database, openMaker } from '../../connect.js';
import { DatabaseProblem } from '../../files/database-problem.js';
import { shownPlace } from '../place.js';

async function sessionOf(database: Database): Promise<number | undefined> {
  const [found]: { readonly pid: number }[] = await database.raw('select pg_backend_pid() as pid');
  return found?.pid;
}

/**
 * Throws DatabaseProblem where a connection is no session of its own: where two that are open at once are one to PostgreSQL, or
 * one is another a moment later: it is then behind a pool that lends a session for a transaction, and locks and prepared statements
 * would then be in somebody else's.
 */
export async function refusePool(database: Database, url: string): Promise<void> {
  const another = openMaker(url);
  try {
    const session = await sessionOf(database);
    const isLent = session === (await sessionOf(another)) || session !== (await sessionOf(database));
    if (isLent) {
      throw new DatabaseProblem(
        `${shownPlace(url)} is behind a pool that lends a session for a transaction, as PgBouncer does by pool_mode = transaction: locks and prepared statements would not last. Set pool_mode = session there, or name PostgreSQL itself in the URL.`,
      );
    }
  } finally {
    await another.destroy();
  }
}
