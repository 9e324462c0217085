import { dirname } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { openWriter } from '../connect.js';
import { exists } from '../files/data-folder.js';
import { DatabaseProblem } from '../files/database-problem.js';
import { beginDraft, type Draft } from '../files/draft.js';
import { type EnclosedFile, encloseFiles } from '../open/enclosed-files.js';
import { inspectSchema, storageProblem } from '../open/inspect.js';
import { withSnapshot } from '../open/snapshot.js';
import type { CopyOptions } from '../sqlite/copy-pages.js';
import { makeUnusedMark } from '../sqlite/use-mark.js';

export interface BackupOptions extends Omit<CopyOptions, 'rest'> {
  /** The database; a server may run on it. */
  readonly source: string;
  /** The path of the backup: one file, which must not be there. */
  readonly target: string;
  /** The files that go along in the backup. */
  readonly files: readonly EnclosedFile[];
  /** Throws when the finished copy is not to be relied on. */
  readonly verify: (copy: string) => Promise<void>;
}

const longestRestMs = 250;

/** Leaves half of the time to those who pay, and no more: as long as it is copied, the server's log cannot be begun anew. */
const leaveToOthers = (tookMs: number) => after(Math.min(tookMs, longestRestMs));

async function refuseExisting(target: string): Promise<void> {
  if (await exists(target)) {
    throw new DatabaseProblem(
      `${target} is there already. Choose another name, such as one with the date; nothing was changed.`,
    );
  }
}

async function begin(target: string): Promise<Draft> {
  await refuseExisting(target);
  if (!(await exists(dirname(target)))) {
    throw new DatabaseProblem(`The folder ${dirname(target)} does not exist. Make it, or choose another.`);
  }
  return beginDraft(`${target}.partial`);
}

function copySnapshot({ source, ...options }: BackupOptions, copy: string): Promise<void> {
  return withSnapshot(source, async (snapshot) => {
    const pending = await inspectSchema(snapshot, source);
    if (pending.length > 0) {
      throw new DatabaseProblem(
        `${source} was made by an older version of pay and has yet to be brought up to date (${pending.join(', ')}). ` +
          'Run pay-server migrate, which keeps a copy of it as it is, or back it up with the version that made it.',
      );
    }
    await snapshot.copyTo(copy, { ...options, rest: leaveToOthers });
  });
}

/** A backup is one file, with no log beside it. */
async function finishCopy(copy: string, files: readonly EnclosedFile[]): Promise<void> {
  const database = openWriter(copy);
  try {
    await encloseFiles(database, files);
    await database.raw(`PRAGMA user_version = ${makeUnusedMark()}`);
    await database.raw('PRAGMA journal_mode = DELETE');
  } finally {
    await database.destroy();
  }
}

/**
 * Writes the database, as it is at one moment, into one file: durable, whole, or not there. Nobody who pays meanwhile
 * waits for it. Throws DatabaseProblem, and what `verify` throws.
 */
export async function backUpDatabase(options: BackupOptions): Promise<void> {
  const { target, files, verify } = options;
  let draft: Draft | undefined;
  try {
    draft = await begin(target);
    await copySnapshot(options, draft.file);
    await finishCopy(draft.file, files);
    await verify(draft.file);
    await refuseExisting(target);
    await draft.placeAs(target);
  } catch (error) {
    throw storageProblem(target, error);
  } finally {
    await draft?.discard();
  }
}
