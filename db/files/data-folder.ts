import { constants } from 'node:fs';
import { access, chmod, readdir, stat } from 'node:fs/promises';
import { DatabaseProblem } from './database-problem.js';
import { makeFolders } from './make-folders.js';

/** Whether a file or folder is there. Throws DatabaseProblem when that cannot be seen. */
export const exists = (path: string) =>
  stat(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') {
        return false;
      }
      throw new DatabaseProblem(
        `${path} cannot be looked at (${error.code}). Give the user that runs this permission for its folder, or choose another.`,
        { cause: error },
      );
    },
  );

/**
 * What a server that ran before has left in its data folder; the keys may be all there is, brought from another server on the same
 * books.
 */
const ofData = /^(?:pay\.db.*|tls\.(?:crt|key)|second-factor\.keys)$/;
/** What a volume holds from the beginning: one that is for the data alone does, and so does one that is a whole machine's. */
const ofVolume = 'lost+found';

const openToOthers = 0o077;
/** That of a folder which everybody may write into, such as `/tmp`. */
const sharedByAll = 0o1000;

/** Closes the folder to others (0700). Throws DatabaseProblem where they may need it: whoever closes `/tmp` stops a machine. */
async function closeToOthers(folder: string, option: string): Promise<void> {
  const { mode } = await stat(folder);
  if ((mode & openToOthers) === 0) {
    return;
  }
  const names = await readdir(folder);
  const foreign = names.find((name) => name !== ofVolume && !ofData.test(name));
  const isShared = (mode & sharedByAll) !== 0 || !names.some((name) => ofData.test(name));
  if (foreign !== undefined && isShared) {
    throw new DatabaseProblem(
      `The data folder ${folder} would be closed to others, and it holds what is not of pay, such as ${foreign}. ` +
        `Choose a folder of its own with ${option}, or close it yourself: chmod 0700 ${folder}`,
    );
  }
  await chmod(folder, 0o700);
}

/**
 * Makes the data folder (0700) where it is missing; `option` is that of the command which names it. Throws DatabaseProblem when
 * it cannot be written, or is no folder of its own.
 */
export async function makeFolder(folder: string, option = '--data'): Promise<void> {
  try {
    await makeFolders(folder);
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    await closeToOthers(folder, option);
  } catch (error) {
    if (error instanceof DatabaseProblem) {
      throw error;
    }
    throw new DatabaseProblem(
      `The data folder ${folder} cannot be made or written (${(error as NodeJS.ErrnoException).code}). ` +
        `Give the user that runs the server permission, or choose another folder with ${option}.`,
      { cause: error },
    );
  }
}
