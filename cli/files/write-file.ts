import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { makeFolders } from './make-folders.js';
import { unwritable } from './unwritable.js';

async function syncFolder(folder: string): Promise<void> {
  // Windows cannot open a folder; there the rename itself is what there is.
  const handle = await open(folder, 'r').catch(() => undefined);
  try {
    await handle?.sync();
  } catch {
    // Some file systems refuse to sync a folder; the file itself was synced.
  } finally {
    await handle?.close();
  }
}

/** Makes a folder that only its owner can enter, with the folders above it. @throws Failure (usage) where it cannot */
export async function makePrivateFolder(folder: string): Promise<void> {
  try {
    await makeFolders(folder);
  } catch (error) {
    throw unwritable(folder, error);
  }
}

/**
 * Writes a file that only its owner can read, whole or not at all: a reader, or a crash, sees the old contents or the
 * new, and once this resolves the new ones are on the disk. @throws Failure (usage) where it cannot be written
 */
export async function writePrivateFile(path: string, text: string): Promise<void> {
  await makePrivateFolder(dirname(path));
  try {
    await replaceFile(path, text);
  } catch (error) {
    throw unwritable(path, error);
  }
}

async function replaceFile(path: string, text: string): Promise<void> {
  const temporary = `${path}.${randomUUID()}.tmp`;
  const handle = await open(temporary, 'wx', 0o600);
  try {
    await handle.writeFile(text, 'utf8');
    await handle.sync();
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  } finally {
    await handle.close();
  }
  await rename(temporary, path);
  await syncFolder(dirname(path));
}

/** Removes a file, if it is there, so that it does not come back after a crash. */
export async function removeFile(path: string): Promise<void> {
  await rm(path, { force: true });
  await syncFolder(dirname(path));
}
