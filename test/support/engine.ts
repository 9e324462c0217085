import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isPostgres } from '../../db/postgres/place.js';

/** Which database the servers of the tests of this process keep their books in. */
export const engine = process.env.TEST_PAY_ENGINE === 'postgres' ? 'PostgreSQL' : 'SQLite';

/** The databases of PostgreSQL that servers of this process have, by their data folders. */
const urls = new Map<string, string>();

/** Where the server with this data folder keeps its books: a file in it, or a database of PostgreSQL. */
export const placeOf = (dataDir: string): string => urls.get(dataDir) ?? join(dataDir, 'pay.db');

/** What the programs that work on those books are told by their environment. */
export function databaseEnvironment(dataDir: string): Readonly<Record<string, string>> {
  const place = placeOf(dataDir);
  return isPostgres(place) ? { PAY_DATABASE_URL: place } : {};
}

/** Sees to it that a server with this data folder has a database of the engine under test; a folder with books in it keeps them. */
export async function provideDatabase(dataDir: string): Promise<Readonly<Record<string, string>>> {
  if (engine === 'PostgreSQL' && !urls.has(dataDir) && !existsSync(join(dataDir, 'pay.db'))) {
    // Loaded where it is needed: most test files meet no PostgreSQL.
    const { makePostgresDatabase } = await import('./postgres.js');
    urls.set(dataDir, await makePostgresDatabase());
  }
  return databaseEnvironment(dataDir);
}
