import { type FileHandle, open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DatabaseProblem } from './database-problem.js';
import { isThere } from './is-there.js';
import { syncFolder } from './sync-folder.js';

/** A database that is made beside its final name and put there when it is whole, so that a kill leaves none or all of it. */
export interface Draft {
  readonly file: string;
  /** Gives the draft its final name, durably. The connections to it must be closed before. */
  placeAs(file: string): Promise<void>;
  /** Removes what is there of the draft. */
  discard(): Promise<void>;
}

async function remove(file: string): Promise<void> {
  for (const suffix of ['', '-wal', '-shm', '-journal']) {
    await rm(`${file}${suffix}`, { force: true });
  }
}

/** Whoever works under the same name at the same time has put a file of their own there. */
async function isStill(file: string, handle: FileHandle): Promise<boolean> {
  const [own, there] = [await handle.stat(), await stat(file).catch(() => undefined)];
  return there !== undefined && own.ino === there.ino && own.dev === there.dev;
}

/** Begins an empty draft, for its owner only, in place of one that a kill has left. */
export async function beginDraft(file: string): Promise<Draft> {
  await remove(file);
  // SQLite gives the files beside a database the permissions of the database itself.
  const handle = await open(file, 'wx', 0o600);
  let isOpen = true;
  const close = async () => {
    if (isOpen) {
      isOpen = false;
      await handle.close();
    }
  };
  return {
    file,
    async placeAs(final) {
      if (!(await isStill(file, handle))) {
        throw new DatabaseProblem(`${file} was replaced meanwhile: another process writes there. Try again.`);
      }
      if (await isThere(`${file}-wal`)) {
        throw new Error(`${file} is not whole without its log.`);
      }
      await handle.sync();
      await close();
      await rename(file, final);
      await syncFolder(dirname(final));
    },
    async discard() {
      if (isOpen && (await isStill(file, handle))) {
        await remove(file);
      }
      await close();
    },
  };
}
