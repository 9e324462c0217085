import type { Database } from '../connect.js';
import { DatabaseHeld } from '../files/database-problem.js';
import type { FileLock } from '../files/file-lock.js';
import { isPostgres } from '../postgres/place.js';
import { endUse } from './end-use.js';
import { guardLog, type LogGuard } from './guard-log.js';
import { lockDatabase } from './lock-database.js';
import { isUsed, leaveLogAlone, renewMark } from './log-steps.js';
import { beginGuardedUse, type DatabaseUse } from './use-database.js';

export interface JoinedUse {
  /** Closes the writer; the end is one in order where no server has the database. */
  leave(): Promise<void>;
}

async function lockUnlessHeld(file: string): Promise<FileLock | undefined> {
  try {
    return await lockDatabase(file, { waitMs: 0 });
  } catch (error) {
    if (error instanceof DatabaseHeld) {
      return undefined;
    }
    throw error;
  }
}

async function beginUnlessUsed(
  writer: Database,
  file: string,
  guard: LogGuard,
): Promise<DatabaseUse | undefined> {
  const lock = await lockUnlessHeld(file);
  try {
    if (lock !== undefined && !(await isUsed(writer))) {
      return await beginGuardedUse(writer, file, guard);
    }
    await leaveLogAlone(writer);
    if (lock !== undefined) {
      await renewMark(writer);
    }
    return undefined;
  } finally {
    await lock?.release();
  }
}

/**
 * Uses a database that a server may use at the same time, or begin or cease to use: the marks are the server's where there is one.
 * Where that fails, the writer is closed and the log stays.
 */
export async function joinUse(writer: Database, file: string): Promise<JoinedUse> {
  if (isPostgres(file)) {
    return { leave: () => writer.destroy() };
  }
  const guard = await guardLog(file);
  let use: DatabaseUse | undefined;
  try {
    use = await beginUnlessUsed(writer, file, guard);
  } catch (error) {
    await endUse(writer, guard, false);
    throw error;
  }
  return {
    async leave() {
      const lock = await lockUnlessHeld(file);
      try {
        await (use ? use.end(lock !== undefined) : endUse(writer, guard, lock !== undefined));
      } finally {
        await lock?.release();
      }
    },
  };
}
