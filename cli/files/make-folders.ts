import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

const isFolder = (path: string) =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );

/**
 * Makes a folder that only its owner can enter, and those above it that are missing, one by one: Node's own `recursive` never
 * ends where a folder that is there answers ENOENT to a new one, as those of /proc do. Throws what the system says.
 */
export async function makeFolders(folder: string): Promise<void> {
  if (await isFolder(folder)) {
    return;
  }
  const above = dirname(folder);
  if (above !== folder) {
    await makeFolders(above);
  }
  try {
    await mkdir(folder, { mode: 0o700 });
  } catch (error) {
    // Another process may have made it at the same moment.
    if (!(await isFolder(folder))) {
      throw error;
    }
  }
}
