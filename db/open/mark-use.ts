import { isInUse, nextMark } from '../sqlite/use-mark.js';
import { copyRest } from './begin-log-anew.js';
import type { LogGuard } from './guard-log.js';
import { isOf, type Run, readMark, writeMark } from './log-steps.js';

async function writeMarks(run: Run): Promise<void> {
  const mark = await readMark(run);
  if (isInUse(mark)) {
    // The log of a server that was killed may be copied already, and is begun anew then: with the mark that the database names.
    await writeMark(run, mark);
  }
  await writeMark(run, nextMark(mark));
}

/** Marks the database as in use, in the file itself; its log begins with the mark that the database names from then on. */
export async function markUse(run: Run, guard: LogGuard): Promise<void> {
  try {
    await writeMarks(run);
  } catch (error) {
    if (!isOf(error, 'SQLITE_FULL')) {
      throw error;
    }
    // The log itself may fill the disk: that of a server that was killed holds the mark already, and is begun anew in its place.
    await copyRest(run, guard);
    await writeMarks(run);
  }
}
