import { chmod, realpath } from 'node:fs/promises';
import { dirname } from 'node:path';
import { openNew, openWriter } from '../connect.js';
import { exists, makeFolder } from '../files/data-folder.js';
import { DatabaseProblem } from '../files/database-problem.js';
import { beginDraft } from '../files/draft.js';
import { migrate } from '../migrations/migrations.js';
import { holdPostgres } from '../postgres/open/hold-postgres.js';
import { isPostgres } from '../postgres/place.js';
import type { Place } from '../postgres/writers/place.js';
import { refuseLostLog } from '../sqlite/inspect-log.js';
import type { FoundLog } from '../sqlite/judge-log.js';
import { makeUnusedMark, type UseMark } from '../sqlite/use-mark.js';
import { cutRemains, hasRemains } from './cut-log.js';
import type { EnclosedFile } from './enclosed-files.js';
import {
  applicationId,
  inspectFile,
  inspectGuards,
  inspectSchema,
  inspectStructure,
  refuseOldSqlite,
  storageProblem,
} from './inspect.js';
import { keepCopy } from './keep-copy.js';
import { lockDatabase } from './lock-database.js';
import { openUnchanged } from './open-unchanged.js';
import { beginUse } from './use-database.js';

/** Makes a database where there is none; a kill leaves none or all of it. */
async function makeDatabase(file: string): Promise<void> {
  const draft = await beginDraft(`${file}.new`);
  try {
    const database = openNew(draft.file);
    try {
      await database.raw(`PRAGMA application_id = ${applicationId}`);
      await migrate(database);
      await database.raw(`PRAGMA user_version = ${makeUnusedMark()}`);
      await database.raw('PRAGMA wal_checkpoint(TRUNCATE)');
    } finally {
      await database.destroy();
    }
    await draft.placeAs(file);
  } finally {
    await draft.discard();
  }
}

/** Throws DatabaseProblem where the log of a database that is gone is left. */
export async function refuseOrphanedLog(file: string): Promise<void> {
  for (const log of [`${file}-wal`, `${file}-journal`]) {
    if (await exists(log)) {
      throw new DatabaseProblem(
        `${log} is there but ${file} is not: the database was moved away or lost. ` +
          'Put it back beside its log, or move the log away as well to begin with an empty database.',
      );
    }
  }
}

interface Inspected {
  /** The migrations that the database needs. */
  readonly pending: readonly string[];
  readonly mark: UseMark;
  readonly log: FoundLog;
}

/** Whether the database can be used, without changing it. */
async function inspectDatabase(file: string): Promise<Inspected> {
  const facts = await inspectFile(file);
  const log = await refuseLostLog(file, facts);
  const database = await openUnchanged(file, facts);
  try {
    await inspectStructure(database, file);
    const pending = await inspectSchema(database, file);
    await inspectGuards(database, file, pending);
    return { pending, mark: facts.mark, log };
  } finally {
    await database.destroy();
  }
}

/** Brings the schema up to date in one transaction. Gives the copy that was kept of the database as it was. */
async function bringUpToDate(
  file: string,
  pending: readonly string[],
  files: readonly EnclosedFile[],
): Promise<string> {
  const copy = await keepCopy(file, pending, files);
  const database = openWriter(file);
  const use = await beginUse(database, file);
  let isDone = false;
  try {
    await migrate(database);
    await inspectGuards(database, file, []);
    isDone = true;
  } finally {
    await use.end(isDone);
  }
  return copy;
}

/**
 * Looks whether the database can be used and makes it where there is none, in that order. Never makes an empty
 * database in place of one that it cannot read. Throws DatabaseProblem, which says what to do.
 */
async function prepareDatabase(file: string, files: readonly EnclosedFile[]): Promise<Prepared> {
  if (!(await exists(file))) {
    await refuseOrphanedLog(file);
    await makeDatabase(file);
    return { applied: [], copy: undefined };
  }
  const { pending, mark, log } = await inspectDatabase(file);
  await chmod(file, 0o600);
  if (hasRemains(log)) {
    await cutRemains(file, mark);
  }
  return {
    applied: pending,
    copy: pending.length > 0 ? await bringUpToDate(file, pending, files) : undefined,
  };
}

interface Prepared {
  /** The migrations that the database had not seen; none for one that was made just now. */
  readonly applied: readonly string[];
  /** The copy that was kept of the database as it was before those migrations. */
  readonly copy: string | undefined;
}

export interface HeldDatabase extends Prepared {
  readonly file: string;
  /** Resolves with the reason when the database is held no more, which a file always is. */
  readonly lost?: Promise<string>;
  /** The place among several servers on the same books, where there can be several. */
  readonly place?: Place;
  /** Gives the database up to the next server. The connections to it must be closed before. */
  release(): Promise<void>;
}

/**
 * Takes the database for this process alone and brings it up to date, ready for `openWriter` and `openReaders`. Where it had
 * to be, a copy is kept of it as it was, in which `files` go along.
 * Throws DatabaseProblem: an SQLite that is too old, a folder or file without permission, a file that is not ours,
 * is damaged, is newer than the program, or is held by another server.
 */
export async function holdDatabase(path: string, files: readonly EnclosedFile[] = []): Promise<HeldDatabase> {
  if (isPostgres(path)) {
    return holdPostgres(path);
  }
  refuseOldSqlite();
  await makeFolder(dirname(path));
  // The lock stands beside the file itself, so that a symbolic link is no second way to it.
  const file = (await exists(path)) ? await realpath(path) : path;
  const held = await lockDatabase(file);
  try {
    const prepared = await prepareDatabase(file, files);
    return { file, ...prepared, release: () => held.release() };
  } catch (error) {
    await held.release();
    throw storageProblem(file, error);
  }
}
