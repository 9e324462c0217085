import type { Database } from '../../connect.js';

/** The bytes that the database of a connection takes. */
export async function databaseSize(database: Database): Promise<number> {
  const [row]: { bytes: number }[] = await database.raw(
    'select pg_database_size(current_database()) as bytes',
  );
  return Number(row?.bytes);
}
