import type { Database } from '../connect.js';
import { DatabaseHeld } from '../files/database-problem.js';
import type { FileLock } from '../files/file-lock.js';
import { isPostgres } from '../postgres/place.js';
import { lockDatabase } from './lock-database.js';
import { beginUse, type DatabaseUse, endUse, isUsed, leaveLogAlone } from './use-database.js';

export interface JoinedUse {
  /** Closes the writer; the end is one in order where no server has the database. */
  leave(): Promise<void>;
}

async function lockUnlessHeld(file: string): Promise<FileLock | undefined> {
  try {
    return await lockDatabase(file, 0);
  } catch (error) {
    if (error instanceof DatabaseHeld) {
      return undefined;
    }
    throw error;
  }
}

async function beginUnlessUsed(writer: Database, file: string): Promise<DatabaseUse | undefined> {
  const lock = await lockUnlessHeld(file);
  try {
    return lock && !(await isUsed(writer)) ? await beginUse(writer, file) : undefined;
  } finally {
    await lock?.release();
  }
}

/** Uses a database that a server may use at the same time, or begin or cease to use: the marks are the server's where there is one. */
export async function joinUse(writer: Database, file: string): Promise<JoinedUse> {
  if (isPostgres(file)) {
    return { leave: () => writer.destroy() };
  }
  const use = await beginUnlessUsed(writer, file);
  if (use === undefined) {
    await leaveLogAlone(writer);
  }
  return {
    async leave() {
      const lock = await lockUnlessHeld(file);
      try {
        await (use ? use.end(lock !== undefined) : endUse(writer, file, lock !== undefined));
      } finally {
        await lock?.release();
      }
    },
  };
}
