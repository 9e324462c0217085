import type sqlite3 from 'sqlite3';
import { type Database, openReaders, openWriter } from '../connect.js';
import { isPostgres } from '../postgres/place.js';
import { endMark, isInUse, nextMark, type UseMark } from '../sqlite/use-mark.js';
import { type Flusher, openFlusher } from './flush-file.js';
import { keepLogShort, type LogKeeper, longLogFrames } from './log-keeper.js';

/** A database in use: its log is never empty, belongs to it visibly, and holds little once nothing happens. */
export interface DatabaseUse {
  /** Copies what the log holds into the database, as far as nobody reads what was before, and begins the log anew. */
  checkpoint(): Promise<void>;
  /**
   * Copies the log when nothing was written for a second, or when it has grown long, until the use ends. Gives what is to be
   * told of each commit.
   */
  keepLogShort(): () => void;
  /**
   * Closes the writer. After `isInOrder` the database is whole without its log and says so, where nobody else reads it;
   * otherwise, or where that fails, the log stays as it is and the next start reads it.
   */
  end(isInOrder: boolean): Promise<void>;
}

type Run = (sql: string) => Promise<readonly Record<string, unknown>[]>;

/** Whether an error is over once others are done or there is room again, and has lost nothing. */
const isPassing = (error: unknown): boolean =>
  ['SQLITE_BUSY', 'SQLITE_LOCKED', 'SQLITE_FULL'].includes(String((error as NodeJS.ErrnoException).code));

/** The most times that the log is copied before the writer waits, and how many pages may be left for that. */
const mostCopies = 3;
const fewFrames = 256;

/** A server that was asked to end has no time to wait for those who read. */
const endPatienceMs = 500;

/** Runs `work` with the only connection of the pool: nobody else writes meanwhile. */
async function alone<Result>(database: Database, work: (run: Run) => Promise<Result>): Promise<Result> {
  const connection: sqlite3.Database = await database.client.acquireConnection();
  try {
    return await work(async (sql) => database.raw(sql).connection(connection));
  } finally {
    await database.client.releaseConnection(connection);
  }
}

async function readMark(run: Run): Promise<UseMark> {
  const [row] = await run('PRAGMA user_version');
  return Number(row?.user_version);
}

/** Writes the mark in a commit of its own, also where the number stays: SQLite writes the first page in any case. */
const writeMark = (run: Run, mark: UseMark) => run(`PRAGMA user_version = ${mark}`);

interface LogState {
  readonly frames: number;
  readonly isCopied: boolean;
}

async function pragmaCheckpoint(run: Run, mode: 'NOOP' | 'PASSIVE' | 'FULL' | 'TRUNCATE'): Promise<LogState> {
  const [row] = await run(`PRAGMA wal_checkpoint(${mode})`);
  return { frames: Number(row?.log), isCopied: row?.busy === 0 && row.log === row.checkpointed };
}

/** Whether the mark could be written at once: payments must not wait in turn behind one that waits for another program. */
async function markInUse(run: Run): Promise<boolean> {
  await run('PRAGMA busy_timeout = 0');
  try {
    await writeMark(run, nextMark(await readMark(run)));
    return true;
  } catch {
    return false;
  } finally {
    await run('PRAGMA busy_timeout = 5000');
  }
}

/** The connection that closes last takes the log away, unless it can only read. */
async function closeKeepingLog(writer: Database, file: string): Promise<void> {
  const keeper = openReaders(file, 1);
  try {
    await keeper.raw('select 1 from sqlite_master limit 1');
  } finally {
    await writer.destroy();
    await keeper.destroy();
  }
}

/** Gives whether the database is whole without its log and says so. */
async function endInOrder(run: Run): Promise<boolean> {
  await run(`PRAGMA busy_timeout = ${endPatienceMs}`);
  // It shows, while the log is begun anew with the mark of the end, that what the log held was copied. So the log must not be emptied
  // before: a kill then would leave what a log looks like that was lost.
  await writeMark(run, nextMark(await readMark(run)));
  // The mark of the end must not be in the database before all that came before it is.
  if (!(await pragmaCheckpoint(run, 'FULL')).isCopied) {
    return false;
  }
  await writeMark(run, endMark(await readMark(run)));
  return (await pragmaCheckpoint(run, 'TRUNCATE')).isCopied;
}

/** Whether the database that `writer` writes is in use, by another process or by one that was killed. */
export const isUsed = async (writer: Database): Promise<boolean> => isInUse(await alone(writer, readMark));

/** SQLite would begin the log anew without the mark that each log begins with. */
export const leaveLogAlone = (writer: Database): Promise<unknown> =>
  alone(writer, (run) => run('PRAGMA wal_autocheckpoint = 0'));

/** Closes the writer of a database in use as `DatabaseUse.end` says. */
export async function endUse(writer: Database, file: string, isInOrder: boolean): Promise<void> {
  if (isInOrder && (await alone(writer, endInOrder).catch(() => false))) {
    await writer.destroy();
  } else {
    await closeKeepingLog(writer, file);
  }
}

/** PostgreSQL minds its log itself. */
const ofPostgres = (writer: Database): DatabaseUse => ({
  checkpoint: async () => {},
  keepLogShort: () => () => {},
  end: () => writer.destroy(),
});

/**
 * Marks the database that `writer` writes as in use, in the file itself, before anything is written that must not be lost.
 * From then on SQLite copies nothing out of the log by itself: each new log has to begin with the mark, and the database has
 * to name a mark that is in the log before pages of it are written over.
 */
export async function beginUse(writer: Database, file: string): Promise<DatabaseUse> {
  if (isPostgres(file)) {
    return ofPostgres(writer);
  }
  // Most of the log is copied and flushed beside the writer, which goes on meanwhile.
  const copier = openWriter(file);
  const holder = openReaders(file, 1);
  let keeper: LogKeeper | undefined;
  /** Where payments flow. */
  let flusher: Flusher | undefined;
  /**
   * Whether the log could not be copied. What the system could not flush it forgets, and says of the next flush that all is well: from
   * then on the log stays, for the next start to read.
   */
  let isInDoubt = false;

  /**
   * Keeps the log from being copied beyond what it holds now: one that is copied whole is begun anew by whoever writes next, and that
   * has to be the mark. Gives whether a mark, which is not to be copied yet, could be written behind it.
   */
  async function hold(): Promise<boolean> {
    await letGo();
    await holder.raw('BEGIN');
    await holder.raw('select 1 from sqlite_schema limit 1');
    return alone(writer, markInUse);
  }

  async function letGo(): Promise<void> {
    try {
      await holder.raw('ROLLBACK');
    } catch {
      // It held nothing.
    }
  }

  /**
   * Copies the log beside the writer, and again what was written meanwhile, as long as no other program writes, and gives whether that
   * was so. SQLite flushes the database only when all is copied, for which the writer waits: what is flushed before does not keep it
   * waiting.
   */
  async function copyBeside(): Promise<boolean> {
    let copied = 0;
    for (let round = 0; round < mostCopies; round += 1) {
      if (!(await hold())) {
        // The last mark, too, would wait for the other program, and the end of the server for that.
        return false;
      }
      const { frames } = await alone(copier, (run) => pragmaCheckpoint(run, 'PASSIVE'));
      await flusher?.flush();
      if (frames - copied < fewFrames) {
        break;
      }
      copied = frames;
    }
    return true;
  }

  async function checkpoint(): Promise<void> {
    if (isInDoubt) {
      return;
    }
    try {
      if (await copyBeside()) {
        await alone(writer, async (run) => {
          await letGo();
          if ((await pragmaCheckpoint(run, 'PASSIVE')).isCopied) {
            await writeMark(run, await readMark(run));
          }
        });
      }
    } catch (error) {
      isInDoubt ||= !isPassing(error);
      throw error;
    } finally {
      await letGo();
    }
  }

  const countFrames = async () => (await alone(copier, (run) => pragmaCheckpoint(run, 'NOOP'))).frames;

  async function close(): Promise<void> {
    await keeper?.stop();
    await copier.destroy();
    await holder.destroy();
  }

  try {
    await leaveLogAlone(writer);
    await alone(writer, async (run) => writeMark(run, nextMark(await readMark(run))));
    // The long log of a server that was killed is copied later: it is known to be sound, and holds the marks already.
    if ((await countFrames()) < longLogFrames / 8) {
      await checkpoint();
    }
  } catch (error) {
    await close();
    throw error;
  }
  return {
    checkpoint,
    keepLogShort() {
      keeper ??= keepLogShort({
        countFrames,
        async checkpoint() {
          flusher ??= await openFlusher(file);
          await checkpoint();
        },
      });
      return keeper.noteCommit;
    },
    async end(isInOrder) {
      await close();
      try {
        await endUse(writer, file, isInOrder && !isInDoubt);
      } finally {
        await flusher?.close();
      }
    },
  };
}
