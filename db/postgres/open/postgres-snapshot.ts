import { type Database, openMaker } from '../../connect.js';
import { shownPlace } from '../place.js';
import { readAppliedMigrations } from './inspect-books.js';
import { takeConnection } from './one-connection.js';
import { pendingPostgresMigrations } from './postgres-migrations.js';
import { postgresProblem } from './postgres-problem.js';

/** The database as it stood at one moment, whatever is written meanwhile. */
interface PostgresSnapshot {
  /** The database, as it is shown. */
  readonly file: string;
  readonly place: string;
  readonly client: Database['client'];
  raw<Row = Record<string, unknown>>(
    sql: string,
    bindings?: readonly (string | number)[],
  ): Promise<readonly Row[]>;
  /** Makes what is being read, if anything, fail. */
  interrupt(): void;
  close(): Promise<void>;
}

/** Opens a database of PostgreSQL for reading alone, beside a running server or where none runs. Throws DatabaseProblem. */
export async function openPostgresSnapshot(url: string): Promise<PostgresSnapshot> {
  const database = openMaker(url);
  try {
    const { connection, raw, close } = await takeConnection(database);
    try {
      await raw('begin isolation level repeatable read read only');
    } catch (error) {
      await close();
      throw error;
    }
    return {
      file: shownPlace(url),
      place: url,
      client: database.client,
      raw,
      // What it reads is cancelled from a connection of its own, and fails; where it cannot be, it is read to its end.
      interrupt: () => void database.client.cancelQuery(connection).catch(() => {}),
      close,
    };
  } catch (error) {
    throw postgresProblem(url, error);
  }
}

/** Which migrations a database of PostgreSQL has seen; one that is empty none. Throws DatabaseProblem. */
export async function readPostgresStatus(
  url: string,
): Promise<{ readonly applied: readonly string[]; readonly pending: readonly string[] }> {
  const snapshot = await openPostgresSnapshot(url);
  try {
    const applied = (await readAppliedMigrations(snapshot, url)) ?? [];
    return { applied, pending: pendingPostgresMigrations(applied) };
  } catch (error) {
    throw postgresProblem(url, error);
  } finally {
    await snapshot.close();
  }
}
