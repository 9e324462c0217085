import { realpath } from 'node:fs/promises';
import { dirname } from 'node:path';
import { openReaders } from '../connect.js';
import { exists, makeFolder } from '../files/data-folder.js';
import { DatabaseHeld, DatabaseProblem } from '../files/database-problem.js';
import { type FileLock, LockHeld, takeLock } from '../files/file-lock.js';
import { joinPostgres } from '../postgres/open/join-postgres.js';
import { isPostgres } from '../postgres/place.js';
import { inspectSchema, storageProblem } from './inspect.js';
import { holdDatabase } from './open-database.js';

/** The time, in milliseconds, that commands which come at the same moment wait for each other. */
const turnMs = 120_000;
/** How long a server that has the database may take to make it or bring it up to date. */
const serverStartMs = 30_000;
const pauseMs = 200;

export interface JoinedDatabase {
  readonly file: string;
  /** The copy that was kept of the database as it was, where it had to be brought up to date. */
  readonly copy: string | undefined;
  /** Gives the place up to the next one. The connections to the database must be closed before. */
  leave(): Promise<void>;
}

async function takeTurn(path: string): Promise<FileLock> {
  const file = `${path}.join.lock`;
  try {
    return await takeLock(file, turnMs);
  } catch (error) {
    if (error instanceof LockHeld) {
      throw new DatabaseProblem(`Others have used ${path} for two minutes. Try again.`, { cause: error });
    }
    throw storageProblem(file, error);
  }
}

async function isUpToDate(path: string): Promise<boolean> {
  if (!(await exists(path))) {
    return false;
  }
  const readers = openReaders(path, 1);
  try {
    return (await inspectSchema(readers, path)).length === 0;
  } finally {
    await readers.destroy();
  }
}

/** Brings the database up to date as a start does, unless a server has it, which has done so or is about to. */
async function prepare(path: string): Promise<string | undefined> {
  const deadlineMs = performance.now() + serverStartMs;
  for (;;) {
    try {
      const held = await holdDatabase(path);
      await held.release();
      return held.copy;
    } catch (error) {
      if (!(error instanceof DatabaseHeld)) {
        throw error;
      }
    }
    if (await isUpToDate(path)) {
      return undefined;
    }
    if (performance.now() > deadlineMs) {
      throw new DatabaseProblem(
        `The pay-server that runs on ${path} is of an older version. Stop it, then try again, and start it anew.`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}

/**
 * Takes a place beside a server that may run on the database, or may start at any moment: one process at a time,
 * the others wait for their turn. Makes the database where there is none. Throws DatabaseProblem as `holdDatabase` does.
 */
export async function joinDatabase(path: string): Promise<JoinedDatabase> {
  if (isPostgres(path)) {
    return joinPostgres(path);
  }
  await makeFolder(dirname(path));
  const turn = await takeTurn(path);
  try {
    const copy = await prepare(path);
    return { file: await realpath(path), copy, leave: () => turn.release() };
  } catch (error) {
    await turn.release();
    throw storageProblem(path, error);
  }
}
