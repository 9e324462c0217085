import { execFile } from 'node:child_process';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ExecutionContext } from 'ava';
import { makeFolder } from './server.js';

const run = promisify(execFile);

/** A disk of so many megabytes, for who may mount one. */
export async function makeSmallDisk(t: ExecutionContext, megabytes = 1): Promise<string> {
  const folder = await makeFolder(t);
  await run('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=0700`, 'tmpfs', folder]);
  t.teardown(() => run('umount', ['--lazy', folder]));
  return folder;
}

const chunk = Buffer.alloc(64 * 1024);

/** Leaves no room, whatever others take meanwhile. Gives the file that takes it. */
export async function fillDisk(folder: string): Promise<string> {
  const file = join(folder, 'ballast');
  const handle = await open(file, 'w');
  try {
    for (;;) {
      await handle.write(chunk);
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') {
      throw error;
    }
  } finally {
    await handle.close();
  }
  return file;
}
