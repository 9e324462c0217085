import type { Client } from 'pg';
import type { Database } from '../../connect.js';

/** One connection of a pool, by which all is asked, and the end of both. */
export interface OneConnection {
  readonly connection: Client;
  raw<Row = Record<string, unknown>>(
    sql: string,
    bindings?: readonly (string | number)[],
  ): Promise<readonly Row[]>;
  close(): Promise<void>;
}

/** Takes a connection out of a pool that is for it alone. Throws PostgresError; the pool is closed then. */
export async function takeConnection(database: Database): Promise<OneConnection> {
  let connection: Client;
  try {
    connection = await database.client.acquireConnection();
  } catch (error) {
    await database.destroy();
    throw error;
  }
  return {
    connection,
    raw: async (sql, bindings = []) => database.raw(sql, [...bindings]).connection(connection),
    async close() {
      // The pool waits for what was taken from it.
      await database.client.releaseConnection(connection);
      await database.destroy();
    },
  };
}
