import { randomUUID } from 'node:crypto';
import { open, unlink } from 'node:fs/promises';
import { join } from 'node:path';

const page = Buffer.alloc(4_096);
const mostSyncs = 30;
const mostMs = 1_000;

export type Syncs = { readonly milliseconds: readonly number[] } | { readonly problem: string };

/**
 * How long syncs of a page each take on the disk of this folder, for a second and a few of them at most, or the system's reason
 * why that cannot be measured. The file for it has no name while it is written, so that nothing is left of it.
 */
export async function measureSyncs(folder: string): Promise<Syncs> {
  const path = join(folder, `.measure-${randomUUID()}`);
  try {
    const file = await open(path, 'wx', 0o600);
    try {
      await unlink(path);
      const milliseconds: number[] = [];
      const endMs = performance.now() + mostMs;
      while (milliseconds.length < mostSyncs && performance.now() < endMs) {
        const fromMs = performance.now();
        await file.write(page, 0, page.length, milliseconds.length * page.length);
        await file.datasync();
        milliseconds.push(performance.now() - fromMs);
      }
      return { milliseconds };
    } finally {
      await file.close();
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) {
      throw error;
    }
    return { problem: code };
  }
}
