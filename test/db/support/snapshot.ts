import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * What the files of a folder hold, by name. The lock is left out, and SQLite's index of the log: neither says anything,
 * and each is made anew when it is missing.
 */
export async function snapshot(folder: string): Promise<Record<string, string>> {
  const contents: Record<string, string> = {};
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isFile() && !/(-shm|\.lock)$/.test(entry.name)) {
      const bytes = await readFile(join(folder, entry.name));
      contents[entry.name] = `${bytes.length} ${createHash('sha256').update(bytes).digest('hex')}`;
    }
  }
  return contents;
}
