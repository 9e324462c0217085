import { readFile, rename, writeFile } from 'node:fs/promises';
import { isThere } from '../files/is-there.js';

/** The note about backups beside the database, for whoever watches the server. */
export interface BackupNote {
  /** When the newest good one was finished, in ms since 1970, and its path; null where there was none yet. */
  readonly good: { readonly atMs: number; readonly file: string } | null;
  /** Why the last one that was tried failed; null where it did not. */
  readonly problem: string | null;
}

const none: BackupNote = { good: null, problem: null };

const fileOf = (databasePath: string) => `${databasePath}.backups`;

/** The note. Where there is none, or it cannot be read, no backup is known. */
export async function readBackupNote(databasePath: string): Promise<BackupNote> {
  try {
    return { ...none, ...JSON.parse(await readFile(fileOf(databasePath), 'utf8')) };
  } catch {
    return none;
  }
}

/**
 * Replaces the note, at once and as a whole. Throws where nothing can be written beside the database; where there is no database,
 * nobody watches it, and nothing is written.
 */
export async function writeBackupNote(databasePath: string, note: Partial<BackupNote>): Promise<void> {
  if (!(await isThere(databasePath))) {
    return;
  }
  const draft = `${fileOf(databasePath)}.${process.pid}.new`;
  await writeFile(draft, JSON.stringify({ ...(await readBackupNote(databasePath)), ...note }), {
    mode: 0o600,
  });
  await rename(draft, fileOf(databasePath));
}
