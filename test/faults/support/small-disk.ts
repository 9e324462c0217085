import { execFile } from 'node:child_process';
import { statfs, writeFile } from 'node:fs/promises';
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

/** Leaves no room. Gives the file that takes it. */
export async function fillDisk(folder: string): Promise<string> {
  const file = join(folder, 'ballast');
  const { bavail, bsize } = await statfs(folder);
  await writeFile(file, Buffer.alloc(bavail * bsize));
  return file;
}
