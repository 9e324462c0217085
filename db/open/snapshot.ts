import { constants } from 'node:fs';
import { access, realpath } from 'node:fs/promises';
import { dirname } from 'node:path';
import type sqlite3 from 'sqlite3';
import { type Database, openInspector } from '../connect.js';
import { DatabaseProblem } from '../files/database-problem.js';
import { isThere } from '../files/is-there.js';
import { openPostgresSnapshot } from '../postgres/open/postgres-snapshot.js';
import { isPostgres } from '../postgres/place.js';
import { type CopyOptions, copyPages } from '../sqlite/copy-pages.js';
import { refuseLostLogBeside } from '../sqlite/inspect-log.js';
import { guardLog, type LogGuard } from './guard-log.js';
import { damageProblem, inspectFile, refuseOldSqlite, storageProblem } from './inspect.js';
import { isUsed } from './log-steps.js';

/** The database as it stood at one moment, whatever is written meanwhile. */
export interface Snapshot {
  /** The file, or the database of PostgreSQL as it is shown. */
  readonly file: string;
  /** The place that it was opened from. */
  readonly place: string;
  /** The client that it is read through, by which its dialect is known. */
  readonly client: Database['client'];
  raw<Row = Record<string, unknown>>(
    sql: string,
    bindings?: readonly (string | number)[],
  ): Promise<readonly Row[]>;
  /** Makes the statement that is being run, if any, fail with SQLITE_INTERRUPT. */
  interrupt(): void;
  close(): Promise<void>;
}

/** The snapshot of a file of SQLite. */
export interface FileSnapshot extends Snapshot {
  /** Copies the whole database into a file, which is there and empty. */
  copyTo(target: string, options?: CopyOptions): Promise<void>;
}

/** The file itself, wherever a link to it is. Throws DatabaseProblem where it is not there. */
export async function findFile(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const problem =
      code === 'EACCES'
        ? `${path} cannot be looked at (EACCES). Give this user permission, or name another folder with --data.`
        : `There is no database at ${path} (${code}). ` +
          'Name the folder that holds it with --data, or the file itself with --database-url.';
    throw new DatabaseProblem(problem, { cause: error });
  }
}

/**
 * Refuses a log that cannot be read: where a database is kept with one, SQLite makes its index beside it, for readers too,
 * and takes the database for damaged where it cannot. Throws DatabaseProblem there.
 */
async function refuseUnreadableLog(file: string): Promise<void> {
  if ((await isThere(`${file}-wal`)) && (await isThere(`${file}-shm`))) {
    return;
  }
  const folder = dirname(file);
  try {
    await access(folder, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new DatabaseProblem(
      `${file} cannot be read where nothing can be written beside it (${(error as NodeJS.ErrnoException).code}): SQLite keeps the index of its log there. ` +
        `Give this user permission to write in ${folder}; or copy ${file}, with its -wal where there is one, into a folder of your own and name the copy with --database-url.`,
      { cause: error },
    );
  }
}

/** Whether a server has begun to use the database that is read, which may have been killed meanwhile. */
async function isUsedByNow(database: Database): Promise<boolean> {
  try {
    await database.raw('ROLLBACK').catch(() => {});
    return await isUsed(database);
  } catch {
    return true;
  }
}

/** Closes what has read: where there was a log, or there is one by now that is needed, it stays, and else none is left behind. */
async function closeGuarded(database: Database, guard: LogGuard, hadLog: boolean): Promise<void> {
  if (hadLog || (await isUsedByNow(database))) {
    await database.destroy();
    await guard.release();
  } else {
    await guard.release();
    await database.destroy();
  }
}

interface BegunRead extends Omit<FileSnapshot, 'close'> {
  release(): Promise<void>;
}

async function begin(database: Database, file: string): Promise<BegunRead> {
  const connection: sqlite3.Database = await database.client.acquireConnection();
  const raw = async (sql: string, bindings: readonly (string | number)[] = []) =>
    database.raw(sql, [...bindings]).connection(connection);
  const release = () => database.client.releaseConnection(connection);
  try {
    // The snapshot is of the moment of the first read.
    await raw('BEGIN');
    await raw('select 1 from sqlite_master limit 1');
  } catch (error) {
    await release();
    throw error;
  }
  return {
    file,
    place: file,
    client: database.client,
    raw: raw as Snapshot['raw'],
    copyTo: (target, options = {}) => copyPages(connection, target, options),
    interrupt: () => connection.interrupt(),
    release,
  };
}

/**
 * Opens a file for reading alone, beside a running server or where none runs: nothing is made, migrated or locked, and
 * no writer waits. `isInUseHere` where this process has it open already. Throws DatabaseProblem for a file that is not there,
 * not ours, or cannot be read, and for one whose newest commits were lost with its log.
 */
async function openFileSnapshot(path: string, { isInUseHere = false } = {}): Promise<FileSnapshot> {
  refuseOldSqlite();
  const file = await findFile(path);
  if (!isInUseHere) {
    const { hasLog } = await inspectFile(file, 'reading');
    if (hasLog) {
      await refuseUnreadableLog(file);
    }
    await refuseLostLogBeside(file, () => inspectFile(file, 'reading'));
  }
  if (await isThere(`${file}-journal`)) {
    throw new DatabaseProblem(
      `${file}-journal is there: a program was writing ${file} when it ended, and to read it is to undo what it had begun. ` +
        'Nothing was changed. Check a copy of both files, or start the server on it once.',
    );
  }
  const hadLog = await isThere(`${file}-wal`);
  const guard = await guardLog(file).catch((error) => {
    throw damageProblem(file, storageProblem(file, error));
  });
  const database = openInspector(file);
  const close = () => closeGuarded(database, guard, hadLog);
  try {
    const { release, ...snapshot } = await begin(database, file);
    return {
      ...snapshot,
      async close() {
        await release();
        await close();
      },
    };
  } catch (error) {
    await close();
    throw damageProblem(file, storageProblem(file, error));
  }
}

/** Opens a database, of either engine, for reading alone: as `openFileSnapshot` says, and on PostgreSQL no different. */
export const openSnapshot = (place: string, options: { isInUseHere?: boolean } = {}): Promise<Snapshot> =>
  isPostgres(place) ? openPostgresSnapshot(place) : openFileSnapshot(place, options);

/** Does something with a snapshot of a file and closes it. Throws DatabaseProblem for one that SQLite cannot read, too. */
export async function withSnapshot<Result>(
  path: string,
  work: (snapshot: FileSnapshot) => Promise<Result>,
): Promise<Result> {
  try {
    const snapshot = await openFileSnapshot(path);
    try {
      return await work(snapshot);
    } finally {
      await snapshot.close();
    }
  } catch (error) {
    throw damageProblem(path, error);
  }
}
