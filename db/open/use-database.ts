import { statfs } from 'node:fs/promises';
import type { Database } from '../connect.js';
import { isPostgres } from '../postgres/place.js';
import { endUse, slowEndMs } from './end-use.js';
import { guardLog, type LogGuard } from './guard-log.js';
import { LogCopier } from './log-copier.js';
import { keepLogShort, type LogKeeper } from './log-keeper.js';
import { alone, leaveLogAlone } from './log-steps.js';
import { markUse } from './mark-use.js';

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
   * otherwise, or where that fails or the disk is too slow for it, the log stays as it is and the next start reads it.
   */
  end(isInOrder: boolean): Promise<void>;
}

/** What SQLite takes for a page where nobody says otherwise. */
const pageBytes = 4_096;

/** A log of more pages is not copied by the start, which would take longer. */
const mostAtStart = 1_000;

async function countFreePages(file: string): Promise<number> {
  const { bavail, bsize } = await statfs(file);
  return Math.floor((bavail * bsize) / pageBytes);
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
  const copier = new LogCopier(file, writer, guard);
  let keeper: LogKeeper | undefined;

  async function closeCopier(): Promise<void> {
    copier.cutShort();
    await keeper?.stop();
    await copier.close();
  }

  try {
    await leaveLogAlone(writer);
    await alone(writer, (run) => markUse(run, guard));
    // The long log of a server that was killed is copied later: it is known to be sound, and holds the marks already.
    if ((await copier.countFrames()) < mostAtStart) {
      await copier.copy();
    }
  } catch (error) {
    await closeCopier();
    await endUse(writer, guard, false);
    throw error;
  }
  return {
    checkpoint: () => copier.copy(),
    keepLogShort(onDoubt) {
      copier.onDoubt(onDoubt);
      keeper ??= keepLogShort({
        countFrames: () => copier.countFrames(),
        countFreePages: () => countFreePages(file),
        async checkpoint() {
          await copier.flushBeside();
          await copier.copy();
        },
      });
      return keeper.noteCommit;
    },
    async end(isInOrder) {
      const startedAtMs = performance.now();
      await closeCopier();
      const isInTime = performance.now() - startedAtMs < slowEndMs;
      try {
        await endUse(writer, guard, isInOrder && !copier.isInDoubt && isInTime);
      } finally {
        await copier.closeFlusher();
      }
    },
  };
}
