import { readdir } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { openWriter } from '../connect.js';
import { exists, makeFolder } from '../files/data-folder.js';
import { DatabaseProblem } from '../files/database-problem.js';
import { beginDraft } from '../files/draft.js';
import { migrate } from '../migrations/migrations.js';
import { type EnclosedFile, takeOutFiles } from '../open/enclosed-files.js';
import { damageProblem, inspectFile, inspectSchema, storageProblem } from '../open/inspect.js';
import { lockDatabase } from '../open/lock-database.js';
import { refuseOrphanedLog } from '../open/open-database.js';
import { withSnapshot } from '../open/snapshot.js';
import type { CopyOptions } from '../sqlite/copy-pages.js';
import { makeUnusedMark } from '../sqlite/use-mark.js';

export interface RestoreOptions extends CopyOptions {
  /** The backup. */
  readonly source: string;
  /** The path of the database. */
  readonly file: string;
  /** Throws when the finished copy is not to be relied on. */
  readonly verify: (copy: string) => Promise<void>;
  /** Puts what went along in the backup in its place, before the database is in its own. */
  readonly placeFiles: (files: readonly EnclosedFile[]) => Promise<void>;
}

/** Whether a folder holds nothing but what locks, and an earlier try that was killed, leave in it. */
function isEmptyBut(file: string, names: readonly string[]): (name: string) => boolean {
  const base = basename(file);
  const ours = [`${base}.lock`, `${base}.join.lock`, `${base}.new`];
  return (name) =>
    name === 'lost+found' ||
    names.includes(name) ||
    ours.some(
      (own) => name === own || (/^-(journal|wal|shm)$/.test(name.slice(own.length)) && name.startsWith(own)),
    );
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return (await exists(folder)) ? await readdir(folder) : [];
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) {
      throw error;
    }
    throw new DatabaseProblem(
      `The data folder ${folder} cannot be looked into (${code}). Choose an empty one of your own with --data; nothing was changed.`,
      { cause: error },
    );
  }
}

/** Throws DatabaseProblem for a folder that holds anything but what a killed restore leaves and `names`. */
export async function refuseUsedFolder(
  folder: string,
  file: string,
  names: readonly string[],
): Promise<void> {
  const isNothing = isEmptyBut(file, names);
  const found = await namesIn(folder);
  const other = found.find((name) => !isNothing(name));
  if (other !== undefined) {
    throw new DatabaseProblem(
      `The data folder ${folder} is not empty (${other}). Choose an empty one with --data, or move what is in it away; nothing was changed.`,
    );
  }
}

async function refuseExisting(file: string): Promise<void> {
  if (await exists(file)) {
    throw new DatabaseProblem(
      `${file} is there already. A backup is restored into an empty data folder only; nothing was changed.`,
    );
  }
  await refuseOrphanedLog(file);
}

/** Copies the backup, after a look whether this program can read it. */
function copyBackup({ source, ...options }: RestoreOptions, copy: string): Promise<void> {
  return withSnapshot(source, async (snapshot) => {
    await inspectSchema(snapshot, source);
    await snapshot.copyTo(copy, options);
  });
}

/** Makes of a backup, maybe of an older version, a database as a server has it. Gives what went along. */
async function finishCopy(copy: string, source: string): Promise<readonly EnclosedFile[]> {
  const database = openWriter(copy);
  try {
    const files = await takeOutFiles(database, source);
    await migrate(database);
    await database.raw(`PRAGMA user_version = ${makeUnusedMark()}`);
    await database.raw('PRAGMA wal_checkpoint(TRUNCATE)');
    return files;
  } catch (error) {
    throw damageProblem(source, error);
  } finally {
    await database.destroy();
  }
}

async function restoreInto(options: RestoreOptions): Promise<void> {
  const { source, file, verify, placeFiles } = options;
  const draft = await beginDraft(`${file}.new`);
  try {
    await copyBackup(options, draft.file);
    const files = await finishCopy(draft.file, source);
    await verify(draft.file);
    await placeFiles(files);
    await draft.placeAs(file);
  } finally {
    await draft.discard();
  }
}

/**
 * Puts a backup in the place of a database that is not there: durable, whole, or not at all. Throws DatabaseProblem, and
 * what `verify` and `placeFiles` throw.
 */
export async function restoreDatabase(options: RestoreOptions): Promise<void> {
  const { source, file } = options;
  if (!(await exists(source))) {
    throw new DatabaseProblem(`There is no backup at ${source}. Look where it was written to.`);
  }
  await inspectFile(source, 'restoring');
  await makeFolder(dirname(file));
  const held = await lockDatabase(file);
  try {
    await refuseExisting(file);
    await restoreInto(options);
  } catch (error) {
    throw storageProblem(file, error);
  } finally {
    await held.release();
  }
}
