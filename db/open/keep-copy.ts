import { openWriter } from '../connect.js';
import { beginDraft } from '../files/draft.js';
import { makeUnusedMark } from '../sqlite/use-mark.js';
import { type EnclosedFile, encloseFiles } from './enclosed-files.js';
import { storageProblem } from './inspect.js';
import { withSnapshot } from './snapshot.js';

/** A time as it stands in the name of a file: 20261123T034500Z. */
const stamp = (now: Date) => `${now.toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;

/** A copy is whole without the log of the database that it was made of, and with what goes along a backup. */
async function finishCopy(copy: string, files: readonly EnclosedFile[]): Promise<void> {
  const database = openWriter(copy);
  try {
    if (files.length > 0) {
      await encloseFiles(database, files);
    }
    await database.raw(`PRAGMA user_version = ${makeUnusedMark()}`);
  } finally {
    await database.destroy();
  }
}

/**
 * Keeps a copy of the database beside it, durably, as it is before the migrations, with `files`: a backup that the program
 * before restores. Gives the copy's file. Throws DatabaseProblem when there is no room.
 */
export async function keepCopy(
  file: string,
  pending: readonly string[],
  files: readonly EnclosedFile[],
): Promise<string> {
  const copy = `${file}.before-${pending.at(-1)}-${stamp(new Date())}`;
  const draft = await beginDraft(`${file}.before.partial`);
  try {
    await withSnapshot(file, (snapshot) => snapshot.copyTo(draft.file));
    await finishCopy(draft.file, files);
    await draft.placeAs(copy);
    return copy;
  } catch (error) {
    throw storageProblem(copy, error);
  } finally {
    await draft.discard();
  }
}
