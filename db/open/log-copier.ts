import { type Database, openWriter } from '../connect.js';
import { makeUsedMark } from '../sqlite/use-mark.js';
import { copyRest } from './begin-log-anew.js';
import { type Flusher, openFlusher } from './flush-file.js';
import type { LogGuard } from './guard-log.js';
import { alone, isOf, pragmaCheckpoint, unlessBusy, writeMark } from './log-steps.js';

/** Whether an error is over once others are done or there is room again, and has lost nothing. */
const isPassing = (error: unknown): boolean =>
  ['SQLITE_BUSY', 'SQLITE_LOCKED', 'SQLITE_FULL'].includes(String((error as NodeJS.ErrnoException).code));

/** The most times that the log is copied before the writer waits, and how many pages may be left for that. */
const mostCopies = 3;
const fewFrames = 256;
/** The most times that a copy for which there was no room before is tried before the next look. */
const mostTriesWithLittleRoom = 10;

/** Copies the log of a database in use into the database, most of it beside the writer, which goes on meanwhile. */
export class LogCopier {
  readonly #file: string;
  readonly #writer: Database;
  readonly #guard: LogGuard;
  readonly #beside: Database;
  /** Where payments flow. */
  #flusher: Flusher | undefined;
  #isInDoubt = false;
  /** Whether the last copy found no room. The next one keeps the writer waiting, which would fill with the log what room there is again. */
  #isShort = false;
  #isEnding = false;
  #tellOfDoubt: (error: Error) => void = () => {};

  constructor(file: string, writer: Database, guard: LogGuard) {
    this.#file = file;
    this.#writer = writer;
    this.#guard = guard;
    this.#beside = openWriter(file);
  }

  /**
   * Whether the log could not be copied. What the system could not flush it forgets, and says of the next flush that all is well: from
   * then on the log stays, for the next start to read.
   */
  get isInDoubt(): boolean {
    return this.#isInDoubt;
  }

  /** Has `tell` told when the log cannot be copied any more. */
  onDoubt(tell: (error: Error) => void): void {
    this.#tellOfDoubt = tell;
  }

  /** Has what is copied from now on flushed beside the writer, too. */
  async flushBeside(): Promise<void> {
    this.#flusher ??= await openFlusher(this.#file);
  }

  /** How many pages the log holds. */
  async countFrames(): Promise<number> {
    return (await alone(this.#beside, (run) => pragmaCheckpoint(run, 'NOOP'))).frames;
  }

  /** Copies what the log holds, as far as nobody reads what was before, and begins it anew; does nothing where it is in doubt. */
  async copy(): Promise<void> {
    if (this.#isInDoubt) {
      return;
    }
    try {
      if (this.#isShort) {
        this.#isShort = !(await this.#copyWithLittleRoom());
      } else if (await this.#copyBeside()) {
        await this.#copyRest();
      }
    } catch (error) {
      this.#isShort = isOf(error, 'SQLITE_FULL');
      if (!isPassing(error)) {
        this.#isInDoubt = true;
        this.#tellOfDoubt(error as Error);
      }
      throw error;
    } finally {
      await this.#guard.letGo();
    }
  }

  /** Leaves what is not copied by now to the next start. */
  cutShort(): void {
    this.#isEnding = true;
  }

  /** Closes the connection beside the writer, when no copy is under way. */
  async close(): Promise<void> {
    await this.#beside.destroy();
  }

  /** Closes the way by which the file was flushed, when everybody else is done with the file. */
  async closeFlusher(): Promise<void> {
    await this.#flusher?.close();
  }

  /**
   * Copies the log beside the writer, and again what was written meanwhile, as long as no other program writes and the use does not
   * end, and gives whether that was so. SQLite flushes the database only when all is copied, for which the writer waits: what is flushed
   * before does not keep it waiting. The log that is copied is held, with a mark behind it that is not: one that is copied whole is begun
   * anew by whoever writes next, and that has to be the mark.
   */
  async #copyBeside(): Promise<boolean> {
    let copied = 0;
    for (let round = 0; round < mostCopies && !this.#isEnding; round += 1) {
      await this.#guard.hold();
      const isMarked = await alone(this.#writer, (run) =>
        unlessBusy(run, () => writeMark(run, makeUsedMark())),
      );
      if (!isMarked || this.#isEnding) {
        // The last mark, too, would wait for the other program or a slow disk, and the end of the server for that.
        return false;
      }
      const { frames } = await alone(this.#beside, (run) => pragmaCheckpoint(run, 'PASSIVE'));
      await this.#flusher?.flush();
      if (frames - copied < fewFrames) {
        break;
      }
      copied = frames;
    }
    return !this.#isEnding;
  }

  #copyRest(): Promise<boolean> {
    return alone(this.#writer, (run) => copyRest(run, this.#guard));
  }

  /** Copies the log while the writer waits, again a moment later where somebody reads what was before; gives whether it was begun anew. */
  async #copyWithLittleRoom(): Promise<boolean> {
    for (let tries = 0; tries < mostTriesWithLittleRoom && !this.#isEnding; tries += 1) {
      if (await this.#copyRest()) {
        return true;
      }
    }
    return false;
  }
}
