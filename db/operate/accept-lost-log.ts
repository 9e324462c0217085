import { appendFile, copyFile, open, realpath, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { openWriter } from '../connect.js';
import { exists } from '../files/data-folder.js';
import { DatabaseProblem } from '../files/database-problem.js';
import { syncFolder } from '../files/sync-folder.js';
import { inspectFile, storageProblem } from '../open/inspect.js';
import { lockDatabase } from '../open/lock-database.js';
import { findLostLog } from '../sqlite/inspect-log.js';
import type { LostLog } from '../sqlite/judge-log.js';
import { makeUnusedMark } from '../sqlite/use-mark.js';

export interface AcceptedLoss {
  readonly file: string;
  /** The fault of the log. */
  readonly what: string;
  /** The path of the log that cannot be relied on; undefined where there was none. */
  readonly copy: string | undefined;
  /** The path of the record that tells of the loss. */
  readonly record: string;
}

async function syncFile(file: string): Promise<void> {
  const handle = await open(file, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function keepLog(file: string, now: string): Promise<string | undefined> {
  if (!(await exists(`${file}-wal`))) {
    return undefined;
  }
  const copy = `${file}-wal.lost-${now.replaceAll(/[-:.]/g, '')}`;
  await copyFile(`${file}-wal`, copy);
  await syncFile(copy);
  return copy;
}

async function writeRecord(file: string, sentence: string): Promise<string> {
  const record = `${file}.lost-logs`;
  await appendFile(record, `${sentence}\n`, { mode: 0o600 });
  await syncFile(record);
  return record;
}

/** Makes the database whole without the rest of its log. From now on the lost log is that of another database. */
async function goOnWithout(file: string, { isContinuing }: LostLog): Promise<void> {
  if (!isContinuing) {
    await rm(`${file}-wal`, { force: true });
    await rm(`${file}-shm`, { force: true });
  }
  const database = openWriter(file);
  try {
    await database.raw('PRAGMA wal_checkpoint(TRUNCATE)');
    await database.raw(`PRAGMA user_version = ${makeUnusedMark()}`);
    await database.raw('PRAGMA wal_checkpoint(TRUNCATE)');
  } finally {
    await database.destroy();
  }
}

async function accept(file: string): Promise<AcceptedLoss | undefined> {
  const lost = await findLostLog(file, await inspectFile(file));
  if (lost === undefined) {
    return undefined;
  }
  const now = new Date().toISOString();
  const copy = await keepLog(file, now);
  const where = copy === undefined ? '' : ` As it was found it is ${copy}.`;
  const record = await writeRecord(
    file,
    `${now} The log ${file}-wal ${lost.what}; the loss was accepted.${where}`,
  );
  await syncFolder(dirname(file));
  await goOnWithout(file, lost);
  return { file, what: lost.what, copy, record };
}

/**
 * Goes on without what a lost log held, for an operator who accepts that; where it is damaged half-way, what comes before is
 * kept. Undefined, and nothing is changed, where the log is as it should be. Throws DatabaseProblem.
 */
export async function acceptLostLog(path: string): Promise<AcceptedLoss | undefined> {
  if (!(await exists(path))) {
    throw new DatabaseProblem(`There is no database at ${path}. Name the folder that holds it with --data.`);
  }
  const file = await realpath(path);
  const lock = await lockDatabase(file);
  try {
    return await accept(file);
  } catch (error) {
    throw storageProblem(file, error);
  } finally {
    await lock.release();
  }
}
