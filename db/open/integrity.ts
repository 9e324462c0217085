import { postgresReferenceProblems } from '../postgres/open/postgres-schema.js';
import { isPostgres } from '../postgres/place.js';
import type { Snapshot } from './snapshot.js';

/**
 * The faults that SQLite itself finds with the file: pages, indexes that do not fit their tables, constraints that rows
 * break.
 */
export async function integrityProblems(snapshot: Snapshot): Promise<readonly string[]> {
  if (isPostgres(snapshot.place)) {
    // PostgreSQL's files are for its own tools (pg_amcheck): what it reads here it reads by its checksums.
    return [];
  }
  const rows = await snapshot.raw<{ integrity_check: string }>('PRAGMA integrity_check');
  return rows.map(({ integrity_check }) => integrity_check).filter((verdict) => verdict !== 'ok');
}

interface BrokenReference {
  readonly table: string;
  readonly parent: string;
  readonly rows: number;
}

/** Rows that name one of another table that is not there; those of `except` are left out. */
export async function referenceProblems(
  snapshot: Snapshot,
  except: readonly string[],
): Promise<readonly string[]> {
  if (isPostgres(snapshot.place)) {
    return postgresReferenceProblems(snapshot, except);
  }
  const broken = await snapshot.raw<BrokenReference>(
    `select broken."table", broken.parent, count(*) as rows
     from sqlite_master as m, pragma_foreign_key_check(m.name) as broken
     where m.type = 'table' and m.name not in (select value from json_each(?))
     group by broken."table", broken.parent`,
    [JSON.stringify(except)],
  );
  return broken.map(
    ({ table, parent, rows }) =>
      `${rows} ${rows === 1 ? 'row' : 'rows'} of ${table} name a row of ${parent} that is not there`,
  );
}
