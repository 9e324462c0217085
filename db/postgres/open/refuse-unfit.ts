import type { Database } from '../../connect.js';
import { DatabaseProblem } from '../../files/database-problem.js';
import { shownPlace } from '../place.js';
import { refusePool } from './refuse-pool.js';

/** The oldest major that its makers still mend as of November 2026. */
const oldestMajor = 15;

/** What a PostgreSQL says of itself. */
export interface Facts {
  readonly version: string;
  readonly major: number;
  readonly fsync: string;
  readonly full_page_writes: string;
  readonly synchronous_commit: string;
  readonly session_replication_role: string;
  readonly encoding: string;
  /** The schema that tables are made in; null where the search path names none that is there. */
  readonly schema: string | null;
  readonly is_standby: boolean;
  readonly is_read_only: string;
}

const facts = `
  select current_setting('server_version') as version,
    current_setting('server_version_num')::int / 10000 as major,
    current_setting('fsync') as fsync,
    current_setting('full_page_writes') as full_page_writes,
    current_setting('synchronous_commit') as synchronous_commit,
    current_setting('session_replication_role') as session_replication_role,
    current_setting('server_encoding') as encoding,
    current_schema() as schema,
    pg_is_in_recovery() as is_standby,
    current_setting('transaction_read_only') as is_read_only`;

/** Why books are not to be kept there, and what to do; undefined where they are. */
export function unfitness(found: Facts): string | undefined {
  const { version, major, fsync, full_page_writes, synchronous_commit, encoding } = found;
  if (major < oldestMajor) {
    return `runs PostgreSQL ${version}, which its makers mend no more; ${oldestMajor} or newer is needed. Upgrade it, for instance with pg_upgrade.`;
  }
  if (found.is_standby || found.is_read_only === 'on') {
    return 'cannot be written: it is a standby, or set to be read only. Name the primary in its URL.';
  }
  if (fsync === 'off') {
    return 'runs with fsync=off: payments that were acknowledged would be lost with the power. Set fsync = on in its postgresql.conf and reload it.';
  }
  if (full_page_writes === 'off') {
    return 'runs with full_page_writes=off: a power cut can tear its pages. Set full_page_writes = on in its postgresql.conf and reload it.';
  }
  if (synchronous_commit === 'off') {
    return 'runs with synchronous_commit=off: payments that were acknowledged could be lost. Set it to on, in postgresql.conf or by: alter database … set synchronous_commit = on.';
  }
  if (found.session_replication_role === 'replica') {
    return 'runs with session_replication_role=replica: what refuses to change payments and keeps references is switched off. Set it back: alter database … (or role …) reset session_replication_role.';
  }
  if (found.schema === null) {
    return 'has no schema that its search_path names. Make one (create schema …), or set it back: alter database … (or role …) reset search_path.';
  }
  return encoding === 'UTF8'
    ? undefined
    : `is encoded in ${encoding}. Make one in UTF-8: create database pay encoding 'UTF8' template template0.`;
}

/** Throws DatabaseProblem for a PostgreSQL that does not keep what it says it has kept, is too old, or is behind a pool that keeps no sessions. */
export async function refuseUnfit(database: Database, url: string): Promise<void> {
  const [found]: Facts[] = await database.raw(facts);
  const why = found === undefined ? 'says nothing of itself.' : unfitness(found);
  if (why !== undefined) {
    throw new DatabaseProblem(`${shownPlace(url)} ${why}`);
  }
  await refusePool(database, url);
}
