import { readPostgresStatus } from '../postgres/open/postgres-snapshot.js';
import { isPostgres } from '../postgres/place.js';
import { inspectSchema } from './inspect.js';
import { withSnapshot } from './snapshot.js';

export interface MigrationStatus {
  /** The names of the migrations in the order in which they were applied. */
  readonly applied: readonly string[];
  readonly pending: readonly string[];
}

const readFileStatus = (path: string): Promise<MigrationStatus> =>
  withSnapshot(path, async (snapshot) => {
    const pending = await inspectSchema(snapshot, snapshot.file);
    const rows = await snapshot.raw<{ name: string }>('select name from migrations order by id');
    return { applied: rows.map(({ name }) => name), pending };
  });

/** Which migrations a database has seen, without changing it. Throws DatabaseProblem as `withSnapshot` and `inspectSchema` do. */
export const readMigrationStatus = (place: string): Promise<MigrationStatus> =>
  isPostgres(place) ? readPostgresStatus(place) : readFileStatus(place);
