import type { Database } from '../connect.js';
import { endMark, nextMark } from '../sqlite/use-mark.js';
import { beginLogAnew } from './begin-log-anew.js';
import type { LogGuard } from './guard-log.js';
import { alone, pragmaCheckpoint, type Run, readMark, writeMark } from './log-steps.js';

/** A server that was asked to end has no time to wait for those who read. */
const endPatienceMs = 500;

/** What takes longer than this at the end tells that the disk is slow: a server ends soon, and the next start has the time to read its log. */
export const slowEndMs = 2_000;

/** Gives whether the database is whole without its log and says so. */
async function endInOrder(run: Run, guard: LogGuard): Promise<boolean> {
  await run(`PRAGMA busy_timeout = ${endPatienceMs}`);
  // It shows, while the log is begun anew with the mark of the end, that what the log held was copied. So the log must not be emptied
  // before: a kill then would leave what a log looks like that was lost.
  const startedAtMs = performance.now();
  await writeMark(run, nextMark(await readMark(run)));
  if (performance.now() - startedAtMs > slowEndMs) {
    return false;
  }
  // The mark of the end must not be in the database before all that came before it is.
  return (
    (await beginLogAnew(run, guard, 'FULL', endMark)) && (await pragmaCheckpoint(run, 'TRUNCATE')).isCopied
  );
}

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
