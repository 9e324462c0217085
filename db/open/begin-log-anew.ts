import type { UseMark } from '../sqlite/use-mark.js';
import type { LogGuard } from './guard-log.js';
import { pragmaCheckpoint, type Run, readMark, unlessBusy, writeMark } from './log-steps.js';

/** Changes when another connection has committed. */
async function readVersion(run: Run): Promise<unknown> {
  const [row] = await run('PRAGMA data_version');
  return row?.data_version;
}

/** Writes nothing any more: the next start would take a log that does not begin with its mark for that of another database. */
async function refuseToWrite(run: Run, cause: unknown): Promise<never> {
  await run('PRAGMA query_only = ON');
  throw new Error(`The log cannot be begun anew: ${String(cause)}`, { cause });
}

/**
 * Copies what the log holds and begins it anew with what `markOf` makes of the mark. Gives false, and leaves the log as it is, where
 * somebody reads what was before, or another program writes meanwhile. That one would begin it anew without the mark: so the log is held
 * until nobody else can write. Throws what SQLite throws; after what may have begun the log anew without the mark, the writer writes no
 * more.
 */
export async function beginLogAnew(
  run: Run,
  guard: LogGuard,
  mode: 'PASSIVE' | 'FULL',
  markOf: (mark: UseMark) => UseMark,
): Promise<boolean> {
  await guard.hold();
  const version = await readVersion(run);
  if (!(await pragmaCheckpoint(run, mode)).isCopied) {
    return false;
  }
  await run('BEGIN IMMEDIATE');
  if ((await readVersion(run)) !== version) {
    await run('ROLLBACK');
    return false;
  }
  await guard.letGo();
  try {
    await writeMark(run, markOf(await readMark(run)));
    await run('COMMIT');
  } catch (error) {
    return refuseToWrite(run, error);
  }
  return true;
}

/** Copies the rest of the log, for which the writer waits, and begins it anew with the mark that it ends with; gives whether it did. */
export async function copyRest(run: Run, guard: LogGuard): Promise<boolean> {
  let isBegun = false;
  await unlessBusy(run, async () => {
    isBegun = await beginLogAnew(run, guard, 'PASSIVE', (mark) => mark);
  });
  return isBegun;
}
