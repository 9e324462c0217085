import { realpath } from 'node:fs/promises';
import type sqlite3 from 'sqlite3';
import { type CopyOptions, copyPages } from './copy-pages.js';
import { DatabaseProblem } from './database-problem.js';
import { damageProblem, inspectFile, refuseOldSqlite, storageProblem } from './inspect.js';
import { openUnchanged } from './open-unchanged.js';

/** The database as it stood at one moment, whatever is written meanwhile. */
export interface Snapshot {
  readonly file: string;
  raw<Row = Record<string, unknown>>(
    sql: string,
    bindings?: readonly (string | number)[],
  ): Promise<readonly Row[]>;
  /** Copies the whole database into a file, which is there and empty. */
  copyTo(target: string, options?: CopyOptions): Promise<void>;
  /** Makes what is being read, if anything, fail with SQLITE_INTERRUPT. */
  interrupt(): void;
  close(): Promise<void>;
}

async function findFile(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    throw new DatabaseProblem(
      `There is no database at ${path} (${(error as NodeJS.ErrnoException).code}). ` +
        'Name the folder that holds it with --data, or the file itself with --database-url.',
      { cause: error },
    );
  }
}

/**
 * Opens a database for reading alone, beside a running server or where none runs: nothing is made, migrated or locked, and
 * no writer waits. Throws DatabaseProblem for a file that is not there, not ours, or cannot be read.
 */
export async function openSnapshot(path: string): Promise<Snapshot> {
  refuseOldSqlite();
  const file = await findFile(path);
  const database = await openUnchanged(file, await inspectFile(file, 'reading'));
  try {
    const connection: sqlite3.Database = await database.client.acquireConnection();
    const raw = async (sql: string, bindings: readonly (string | number)[] = []) =>
      database.raw(sql, [...bindings]).connection(connection);
    await raw('PRAGMA query_only = ON');
    // The snapshot is of the moment of the first read.
    await raw('BEGIN');
    await raw('select 1 from sqlite_master limit 1');
    return {
      file,
      raw: raw as Snapshot['raw'],
      copyTo: (target, options = {}) => copyPages(connection, target, options),
      interrupt: () => connection.interrupt(),
      async close() {
        await raw('ROLLBACK').catch(() => {});
        await database.client.releaseConnection(connection);
        await database.destroy();
      },
    };
  } catch (error) {
    await database.destroy();
    throw storageProblem(file, error);
  }
}

/** Does something with a snapshot and closes it. Throws DatabaseProblem for a file that SQLite cannot read, too. */
export async function withSnapshot<Result>(
  path: string,
  work: (snapshot: Snapshot) => Promise<Result>,
): Promise<Result> {
  try {
    const snapshot = await openSnapshot(path);
    try {
      return await work(snapshot);
    } finally {
      await snapshot.close();
    }
  } catch (error) {
    throw damageProblem(path, error);
  }
}
