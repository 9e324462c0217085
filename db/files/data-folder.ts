import { constants } from 'node:fs';
import { access, chmod, mkdir, stat } from 'node:fs/promises';
import { DatabaseProblem } from './database-problem.js';

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

/** Makes the data folder (0700) where it is missing. Throws DatabaseProblem when it cannot be written. */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    await chmod(folder, 0o700);
  } catch (error) {
    throw new DatabaseProblem(
      `The data folder ${folder} cannot be made or written (${(error as NodeJS.ErrnoException).code}). ` +
        'Give the user that runs the server permission, or choose another folder with --data.',
      { cause: error },
    );
  }
}
