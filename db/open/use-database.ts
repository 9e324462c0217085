import type sqlite3 from 'sqlite3';
import { type Database, openWriter } from '../connect.js';
import { isPostgres } from '../postgres/place.js';
import { endMark, isInUse, nextMark, type UseMark } from '../sqlite/use-mark.js';
import { type Flusher, openFlusher } from './flush-file.js';
import { guardLog, type LogGuard } from './guard-log.js';
import { keepLogShort, type LogKeeper, longLogFrames } from './log-keeper.js';

/** A database in use: its log is never empty, belongs to it visibly, and holds little once nothing happens. */
export interface DatabaseUse {
  /** Copies what the log holds into the database, as far as nobody reads what was before, and begins the log anew. */
  checkpoint(): Promise<void>;
  /**
   * Copies the log when nothing was written for a second, or when it has grown long, until the use ends. Gives what is to be
   * told of each commit. `onDoubt` is told when the log cannot be copied any more, and grows for as long as the use goes on.
   */
  keepLogShort(onDoubt: (error: Error) => void): () => void;
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

const isOf = (error: unknown, code: 'SQLITE_BUSY' | 'SQLITE_FULL'): boolean =>
  (error as NodeJS.ErrnoException).code === code;

/** Does what needs the write lock, unless another program has it: payments must not wait in turn behind one that waits for that. */
async function unlessBusy(run: Run, work: () => Promise<unknown>): Promise<boolean> {
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

/** How often a mark that must be written is tried, and how long it waits between. */
const mostTries = 5;
const pauseMs = 200;

/**
 * Writes the mark into a log that was begun anew without it, before anything else is written there: the next start would take it for
 * the log of another database. Where that cannot be, nothing is written any more.
 */
async function insistOnMark(run: Run): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await writeMark(run, await readMark(run));
      return;
    } catch (error) {
      if (tries === mostTries) {
        await run('PRAGMA query_only = ON');
        throw error;
      }
    }
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}

/** Changes when another connection has committed. */
async function readVersion(run: Run): Promise<unknown> {
  const [row] = await run('PRAGMA data_version');
  return row?.data_version;
}

/** Gives whether the database is whole without its log and says so. */
async function endInOrder(run: Run, guard: LogGuard): Promise<boolean> {
  await run(`PRAGMA busy_timeout = ${endPatienceMs}`);
  // It shows, while the log is begun anew with the mark of the end, that what the log held was copied. So the log must not be emptied
  // before: a kill then would leave what a log looks like that was lost.
  await writeMark(run, nextMark(await readMark(run)));
  // No other program may begin the log anew before the mark of the end does.
  await guard.hold();
  const version = await readVersion(run);
  // The mark of the end must not be in the database before all that came before it is.
  if (!(await pragmaCheckpoint(run, 'FULL')).isCopied) {
    return false;
  }
  await run('BEGIN IMMEDIATE');
  if ((await readVersion(run)) !== version) {
    return false;
  }
  await guard.letGo();
  await writeMark(run, endMark(await readMark(run)));
  await run('COMMIT');
  return (await pragmaCheckpoint(run, 'TRUNCATE')).isCopied;
}

/** Whether the database that `writer` writes is in use, by another process or by one that was killed. */
export const isUsed = async (writer: Database): Promise<boolean> => isInUse(await alone(writer, readMark));

/** SQLite would begin the log anew without the mark that each log begins with. */
export const leaveLogAlone = (writer: Database): Promise<unknown> =>
  alone(writer, (run) => run('PRAGMA wal_autocheckpoint = 0'));

/** Writes the mark of a server that was killed again, before anything else is written: its log may be copied, to be begun anew by whoever writes. */
export const renewMark = (writer: Database): Promise<unknown> =>
  alone(writer, async (run) => writeMark(run, await readMark(run)));

/** Closes the writer of a database in use as `DatabaseUse.end` says, and releases the guard. */
export async function endUse(writer: Database, guard: LogGuard, isInOrder: boolean): Promise<void> {
  if (isInOrder && (await alone(writer, (run) => endInOrder(run, guard)).catch(() => false))) {
    await guard.release();
    await writer.destroy();
  } else {
    await writer.destroy();
    await guard.release();
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
 * to name a mark that is in the log before pages of it are written over. Where that fails, the writer is closed and the log stays.
 */
export async function beginUse(writer: Database, file: string): Promise<DatabaseUse> {
  return isPostgres(file) ? ofPostgres(writer) : beginGuardedUse(writer, file, await guardLog(file));
}

/** The same of a file whose log is guarded already; the guard is released with the end, or where it fails. */
export async function beginGuardedUse(writer: Database, file: string, guard: LogGuard): Promise<DatabaseUse> {
  // Most of the log is copied and flushed beside the writer, which goes on meanwhile.
  const copier = openWriter(file);
  let keeper: LogKeeper | undefined;
  /** Where payments flow. */
  let flusher: Flusher | undefined;
  /**
   * Whether the log could not be copied. What the system could not flush it forgets, and says of the next flush that all is well: from
   * then on the log stays, for the next start to read.
   */
  let isInDoubt = false;
  let tellOfDoubt: (error: Error) => void = () => {};

  const lookAtLog = () => alone(copier, (run) => pragmaCheckpoint(run, 'NOOP'));

  /**
   * Copies the log beside the writer, and again what was written meanwhile, as long as no other program writes, and gives whether that
   * was so. SQLite flushes the database only when all is copied, for which the writer waits: what is flushed before does not keep it
   * waiting. The log that is copied is held, with a mark behind it that is not: one that is copied whole is begun anew by whoever writes
   * next, and that has to be the mark.
   */
  async function copyBeside(): Promise<boolean> {
    let copied = 0;
    for (let round = 0; round < mostCopies; round += 1) {
      await guard.hold();
      const isMarked = await alone(writer, (run) =>
        unlessBusy(run, async () => writeMark(run, nextMark(await readMark(run)))),
      );
      if (!isMarked) {
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

  /** Begins the log anew with the mark, where all of it is copied and nobody else writes. */
  async function beginLogAnew(run: Run): Promise<void> {
    let isLetGo = false;
    try {
      // From here on nobody else can write. Until here nobody else could begin the log anew, since it was held.
      if (!(await unlessBusy(run, () => run('BEGIN IMMEDIATE')))) {
        return;
      }
      if ((await lookAtLog()).isCopied) {
        isLetGo = true;
        await guard.letGo();
        await writeMark(run, await readMark(run));
      }
      await run('COMMIT');
    } catch (error) {
      await run('ROLLBACK').catch(() => {});
      if (!isLetGo) {
        throw error;
      }
      await insistOnMark(run);
    }
  }

  /** Copies the rest of the log, for which the writer waits, and begins it anew. */
  async function copyRest(run: Run): Promise<void> {
    await guard.hold();
    await pragmaCheckpoint(run, 'PASSIVE');
    await beginLogAnew(run);
  }

  async function checkpoint(): Promise<void> {
    if (isInDoubt) {
      return;
    }
    try {
      if (await copyBeside()) {
        await alone(writer, copyRest);
      }
    } catch (error) {
      if (!isPassing(error)) {
        isInDoubt = true;
        tellOfDoubt(error as Error);
      }
      throw error;
    } finally {
      await guard.letGo();
    }
  }

  const countFrames = async () => (await lookAtLog()).frames;

  async function close(): Promise<void> {
    await keeper?.stop();
    await copier.destroy();
  }

  async function markUse(run: Run): Promise<void> {
    const mark = await readMark(run);
    if (isInUse(mark)) {
      // The log of a server that was killed may be copied already, and is begun anew then: with the mark that the database names.
      await writeMark(run, mark);
    }
    await writeMark(run, nextMark(mark));
  }

  try {
    await leaveLogAlone(writer);
    await alone(writer, async (run) => {
      try {
        await markUse(run);
      } catch (error) {
        if (!isOf(error, 'SQLITE_FULL')) {
          throw error;
        }
        // The log itself may fill the disk: that of a server that was killed holds the mark already, and is begun anew in its place.
        await copyRest(run);
        await markUse(run);
      }
    });
    // The long log of a server that was killed is copied later: it is known to be sound, and holds the marks already.
    if ((await countFrames()) < longLogFrames / 8) {
      await checkpoint();
    }
  } catch (error) {
    await close();
    await endUse(writer, guard, false);
    throw error;
  }
  return {
    checkpoint,
    keepLogShort(onDoubt) {
      tellOfDoubt = onDoubt;
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
        await endUse(writer, guard, isInOrder && !isInDoubt);
      } finally {
        await flusher?.close();
      }
    },
  };
}
