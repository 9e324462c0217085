import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncFolder } from '../../db/files/sync-folder.js';

/** The path at which a file is written before it has its name; a kill may leave it there. */
export const draftOf = (path: string) => `${path}.tmp`;

/**
 * Writes a file that only its owner may read (0600), whole or not at all: a crash at any moment leaves the old one or
 * the new one, and when this resolves, the new one is on disk.
 */
export async function writeDurably(path: string, text: string): Promise<void> {
  const temporary = draftOf(path);
  const file = await open(temporary, 'w', 0o600);
  try {
    // A draft left over from a crash keeps the mode that it has.
    await file.chmod(0o600);
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
  await syncFolder(dirname(path));
}
