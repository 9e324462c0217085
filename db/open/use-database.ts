import { statfs } from 'node:fs/promises';
import { type Database, openWriter } from '../connect.js';
import { isPostgres } from '../postgres/place.js';
import { isInUse, makeUsedMark, nextMark } from '../sqlite/use-mark.js';
import { beginLogAnew } from './begin-log-anew.js';
import { endUse, slowEndMs } from './end-use.js';
import { type Flusher, openFlusher } from './flush-file.js';
import { guardLog, type LogGuard } from './guard-log.js';
import { keepLogShort, type LogKeeper } from './log-keeper.js';
import {
  alone,
  isOf,
  leaveLogAlone,
  pragmaCheckpoint,
  type Run,
  readMark,
  unlessBusy,
  writeMark,
} from './log-steps.js';

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

/** Whether an error is over once others are done or there is room again, and has lost nothing. */
const isPassing = (error: unknown): boolean =>
  ['SQLITE_BUSY', 'SQLITE_LOCKED', 'SQLITE_FULL'].includes(String((error as NodeJS.ErrnoException).code));

/** The most times that the log is copied before the writer waits, and how many pages may be left for that. */
const mostCopies = 3;
const fewFrames = 256;
/** The most times that a copy for which there was no room before is tried before the next look. */
const mostTriesWithLittleRoom = 10;

/** What SQLite takes for a page where nobody says otherwise. */
const pageBytes = 4_096;

/** A log of more pages is not copied by the start, which would take longer. */
const mostAtStart = 1_000;

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
  /** Whether the last copy found no room. The next one keeps the writer waiting, which would fill with the log what room there is again. */
  let isShort = false;
  let tellOfDoubt: (error: Error) => void = () => {};
  /** Whether the use ends: what is not copied by then has time until the next start. */
  let isEnding = false;

  /**
   * Copies the log beside the writer, and again what was written meanwhile, as long as no other program writes and the use does not
   * end, and gives whether that was so. SQLite flushes the database only when all is copied, for which the writer waits: what is flushed
   * before does not keep it waiting. The log that is copied is held, with a mark behind it that is not: one that is copied whole is begun
   * anew by whoever writes next, and that has to be the mark.
   */
  async function copyBeside(): Promise<boolean> {
    let copied = 0;
    for (let round = 0; round < mostCopies && !isEnding; round += 1) {
      await guard.hold();
      const isMarked = await alone(writer, (run) => unlessBusy(run, () => writeMark(run, makeUsedMark())));
      if (!isMarked || isEnding) {
        // The last mark, too, would wait for the other program or a slow disk, and the end of the server for that.
        return false;
      }
      const { frames } = await alone(copier, (run) => pragmaCheckpoint(run, 'PASSIVE'));
      await flusher?.flush();
      if (frames - copied < fewFrames) {
        break;
      }
      copied = frames;
    }
    return !isEnding;
  }

  /** Copies the rest of the log, for which the writer waits, and begins it anew with the mark that it ends with; gives whether it did. */
  async function copyRest(run: Run): Promise<boolean> {
    let isBegun = false;
    await unlessBusy(run, async () => {
      isBegun = await beginLogAnew(run, guard, 'PASSIVE', (mark) => mark);
    });
    return isBegun;
  }

  /** Copies the log while the writer waits, again a moment later where somebody reads what was before; gives whether it was begun anew. */
  async function copyWithLittleRoom(): Promise<boolean> {
    for (let tries = 0; tries < mostTriesWithLittleRoom && !isEnding; tries += 1) {
      if (await alone(writer, copyRest)) {
        return true;
      }
    }
    return false;
  }

  async function checkpoint(): Promise<void> {
    if (isInDoubt) {
      return;
    }
    try {
      if (isShort) {
        isShort = !(await copyWithLittleRoom());
      } else if (await copyBeside()) {
        await alone(writer, copyRest);
      }
    } catch (error) {
      isShort = isOf(error, 'SQLITE_FULL');
      if (!isPassing(error)) {
        isInDoubt = true;
        tellOfDoubt(error as Error);
      }
      throw error;
    } finally {
      await guard.letGo();
    }
  }

  const countFrames = async () => (await alone(copier, (run) => pragmaCheckpoint(run, 'NOOP'))).frames;

  async function countFreePages(): Promise<number> {
    const { bavail, bsize } = await statfs(file);
    return Math.floor((bavail * bsize) / pageBytes);
  }

  async function close(): Promise<void> {
    isEnding = true;
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
    if ((await countFrames()) < mostAtStart) {
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
        countFreePages,
        async checkpoint() {
          flusher ??= await openFlusher(file);
          await checkpoint();
        },
      });
      return keeper.noteCommit;
    },
    async end(isInOrder) {
      const startedAtMs = performance.now();
      await close();
      const isInTime = performance.now() - startedAtMs < slowEndMs;
      try {
        await endUse(writer, guard, isInOrder && !isInDoubt && isInTime);
      } finally {
        await flusher?.close();
      }
    },
  };
}
