import { DatabaseHeld, DatabaseProblem } from '../files/database-problem.js';
import { type FileLock, LockHeld, takeLock } from '../files/file-lock.js';
import { storageProblem } from './inspect.js';

export interface LockOptions {
  readonly waitMs?: number;
  /** The option of the command that says where the database is. */
  readonly option?: string;
}

/** Takes the lock of whoever has the database for itself. Throws DatabaseHeld when another process has it. */
export async function lockDatabase(
  file: string,
  { waitMs, option = '--data' }: LockOptions = {},
): Promise<FileLock> {
  try {
    return await takeLock(`${file}.lock`, waitMs);
  } catch (error) {
    if (error instanceof LockHeld) {
      throw new DatabaseHeld(
        `Another pay-server is running on ${file}. Stop it first, or choose another data folder with ${option}.`,
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
