import { chmod, open, realpath, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { openNew, openWriter } from './connect.js';
import { exists, makeFolder } from './data-folder.js';
import { DatabaseHeld, DatabaseProblem } from './database-problem.js';
import { type FileLock, LockHeld, takeLock } from './file-lock.js';
import {
  applicationId,
  inspectFile,
  inspectGuards,
  inspectSchema,
  inspectStructure,
  refuseOldSqlite,
  storageProblem,
} from './inspect.js';
import { migrate } from './migrations.js';
import { openUnchanged } from './open-unchanged.js';
import { syncFolder } from './sync-folder.js';

async function lock(file: string): Promise<FileLock> {
  try {
    return await takeLock(`${file}.lock`);
  } catch (error) {
    if (error instanceof LockHeld) {
      throw new DatabaseHeld(
        `Another pay-server is running on ${file}. Stop it first, or choose another data folder with --data.`,
        { cause: error },
      );
    }
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'SQLITE_FULL') {
      throw storageProblem(file, error);
    }
    throw new DatabaseProblem(
      `The lock file ${file}.lock cannot be used (${code}). ` +
        'Give the user that runs the server permission to write in its folder.',
      { cause: error },
    );
  }
}

/** Makes a database beside its final name and renames it when it is whole, so that a kill leaves none or all of it. */
async function makeDatabase(file: string): Promise<void> {
  const draft = `${file}.new`;
  for (const suffix of ['', '-wal', '-shm', '-journal']) {
    await rm(`${draft}${suffix}`, { force: true });
  }
  // SQLite gives the files beside a database the permissions of the database itself.
  await (await open(draft, 'wx', 0o600)).close();
  const database = openNew(draft);
  try {
    await database.raw(`PRAGMA application_id = ${applicationId}`);
    await migrate(database);
    await database.raw('PRAGMA wal_checkpoint(TRUNCATE)');
  } finally {
    await database.destroy();
  }
  const handle = await open(draft, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(draft, file);
  await syncFolder(dirname(file));
}

async function refuseOrphanedLog(file: string): Promise<void> {
  for (const log of [`${file}-wal`, `${file}-journal`]) {
    if (await exists(log)) {
      throw new DatabaseProblem(
        `${log} is there but ${file} is not: the database was moved away or lost. ` +
          'Put it back beside its log, or move the log away as well to begin with an empty database.',
      );
    }
  }
}

/** Whether the database can be used, without changing it. Gives the migrations that it needs. */
async function inspectDatabase(file: string): Promise<readonly string[]> {
  const database = await openUnchanged(file, await inspectFile(file));
  try {
    await inspectStructure(database, file);
    const pending = await inspectSchema(database, file);
    await inspectGuards(database, file, pending);
    return pending;
  } finally {
    await database.destroy();
  }
}

async function bringUpToDate(file: string): Promise<void> {
  const database = openWriter(file);
  try {
    await migrate(database);
    await inspectGuards(database, file, []);
  } finally {
    await database.destroy();
  }
}

/**
 * Looks whether the database can be used and makes it where there is none, in that order. Never makes an empty
 * database in place of one that it cannot read. Throws DatabaseProblem, which says what to do.
 */
async function prepareDatabase(file: string): Promise<void> {
  if (!(await exists(file))) {
    await refuseOrphanedLog(file);
    await makeDatabase(file);
    return;
  }
  const pending = await inspectDatabase(file);
  await chmod(file, 0o600);
  if (pending.length > 0) {
    await bringUpToDate(file);
  }
}

export interface HeldDatabase {
  readonly file: string;
  /** Gives the database up to the next server. The connections to it must be closed before. */
  release(): Promise<void>;
}

/**
 * Takes the database for this process alone and brings it up to date, ready for `openWriter` and `openReaders`.
 * Throws DatabaseProblem: an SQLite that is too old, a folder or file without permission, a file that is not ours,
 * is damaged, is newer than the program, or is held by another server.
 */
export async function holdDatabase(path: string): Promise<HeldDatabase> {
  refuseOldSqlite();
  await makeFolder(dirname(path));
  // The lock stands beside the file itself, so that a symbolic link is no second way to it.
  const file = (await exists(path)) ? await realpath(path) : path;
  const held = await lock(file);
  try {
    await prepareDatabase(file);
  } catch (error) {
    await held.release();
    throw storageProblem(file, error);
  }
  return { file, release: () => held.release() };
}
