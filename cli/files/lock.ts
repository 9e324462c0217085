import { randomUUID } from 'node:crypto';
import { link, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Failure } from '../failure/failure.js';
import { unwritable } from './unwritable.js';
import { makePrivateFolder } from './write-file.js';

const patienceMs = 5_000;
const pauseMs = 15;
// A lock without a number in it belongs to somebody who died, or is just, between making and writing it.
const unnamedStaleMs = 2_000;

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function isAbandoned(path: string): Promise<boolean> {
  try {
    const pid = Number(await readFile(path, 'utf8'));
    if (Number.isInteger(pid) && pid > 0) {
      return !isAlive(pid);
    }
    return Date.now() - (await stat(path)).mtimeMs > unnamedStaleMs;
  } catch {
    return false;
  }
}

async function clearAbandoned(path: string): Promise<void> {
  const moved = `${path}.${randomUUID()}`;
  try {
    await rename(path, moved);
    // Between the look and the rename another process may have taken the lock over: then it gets it back.
    if (!(await isAbandoned(moved))) {
      await link(moved, path);
    }
  } catch {
    // Somebody else cleared the lock first.
  }
  await rm(moved, { force: true });
}

async function take(path: string): Promise<boolean> {
  try {
    const handle = await open(path, 'wx', 0o600);
    await handle.writeFile(String(process.pid));
    await handle.close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
      throw unwritable(path, error);
    }
  }
  if (await isAbandoned(path)) {
    await clearAbandoned(path);
  }
  return false;
}

/**
 * Runs `work` while no other process holds the lock file. A lock whose holder is dead is taken over; one that is
 * held for longer than five seconds is a Failure.
 */
export async function withLock<Result>(path: string, work: () => Promise<Result>): Promise<Result> {
  await makePrivateFolder(dirname(path));
  const deadlineMs = Date.now() + patienceMs;
  while (!(await take(path))) {
    if (Date.now() > deadlineMs) {
      throw new Failure('usage', `Another pay command holds ${path}.`, {
        next: [`If none is running, remove it: rm ${path}`],
      });
    }
    await wait(pauseMs);
  }
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}
