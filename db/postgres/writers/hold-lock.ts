import type { Database } from '../../connect.js';
import type { Connection } from '../connection.js';
import { type Lock, tryLock } from './locks.js';

export interface HeldLock {
  /** Resolves when the connection that holds the lock has ended, and with it the lock. */
  readonly ended: Promise<void>;
}

/** Resolves at once where it has broken already: of such a one no end may be heard any more. */
const endOf = (connection: Connection): Promise<void> =>
  connection.__knex__disposed === undefined
    ? new Promise((resolve) => connection.once('end', resolve))
    : Promise.resolve();

/**
 * Takes a lock by one connection of this pool, and watches that very one: another that the pool makes in its place does not hold it.
 * Gives undefined where somebody else has the lock.
 */
export async function holdLock(database: Database, lock: Lock): Promise<HeldLock | undefined> {
  const connection: Connection = await database.client.acquireConnection();
  try {
    return (await tryLock(database, lock, connection)) ? { ended: endOf(connection) } : undefined;
  } finally {
    await database.client.releaseConnection(connection);
  }
}
