import type sqlite3 from 'sqlite3';
import type { Database } from '../connect.js';
import { isInUse, type UseMark } from '../sqlite/use-mark.js';

export type Run = (sql: string) => Promise<readonly Record<string, unknown>[]>;

/** Runs `work` with the only connection of the pool: nobody else writes meanwhile. */
export async function alone<Result>(
  database: Database,
  work: (run: Run) => Promise<Result>,
): Promise<Result> {
  const connection: sqlite3.Database = await database.client.acquireConnection();
  try {
    return await work(async (sql) => database.raw(sql).connection(connection));
  } finally {
    await database.client.releaseConnection(connection);
  }
}

export async function readMark(run: Run): Promise<UseMark> {
  const [row] = await run('PRAGMA user_version');
  return Number(row?.user_version);
}

/** Writes the mark in a commit of its own, also where the number stays: SQLite writes the first page in any case. */
export const writeMark = (run: Run, mark: UseMark) => run(`PRAGMA user_version = ${mark}`);

interface LogState {
  readonly frames: number;
  readonly isCopied: boolean;
}

export async function pragmaCheckpoint(
  run: Run,
  mode: 'NOOP' | 'PASSIVE' | 'FULL' | 'TRUNCATE',
): Promise<LogState> {
  const [row] = await run(`PRAGMA wal_checkpoint(${mode})`);
  return { frames: Number(row?.log), isCopied: row?.busy === 0 && row.log === row.checkpointed };
}

export const isOf = (error: unknown, code: 'SQLITE_BUSY' | 'SQLITE_FULL'): boolean =>
  (error as NodeJS.ErrnoException).code === code;

/** Does what needs the write lock, unless another program has it: payments must not wait in turn behind one that waits for that. */
export async function unlessBusy(run: Run, work: () => Promise<unknown>): Promise<boolean> {
  await run('PRAGMA busy_timeout = 0');
  try {
    await work();
    return true;
  } catch (error) {
    if (isOf(error, 'SQLITE_BUSY')) {
      return false;
    }
    throw error;
  } finally {
    await run('PRAGMA busy_timeout = 5000');
  }
}

/** Whether the database that `writer` writes is in use, by another process or by one that was killed. */
export const isUsed = async (writer: Database): Promise<boolean> => isInUse(await alone(writer, readMark));

/** SQLite would begin the log anew without the mark that each log begins with. */
export const leaveLogAlone = (writer: Database): Promise<unknown> =>
  alone(writer, (run) => run('PRAGMA wal_autocheckpoint = 0'));

/** Writes the mark of a server that was killed again, before anything else is written: its log may be copied, to be begun anew by whoever writes. */
export const renewMark = (writer: Database): Promise<unknown> =>
  alone(writer, async (run) => writeMark(run, await readMark(run)));
