import { stat } from 'node:fs/promises';
import { type Database, openReaders, openWriter } from '../connect.js';

const isThere = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );

/**
 * A connection that leaves the files as they are as long as nothing is written through it. `hasLog` is what inspectFile
 * has found.
 */
export async function openUnchanged(
  file: string,
  { hasLog }: { readonly hasLog: boolean },
): Promise<Database> {
  // A connection that can write would, when it is closed, copy the log of a killed server into the file, or change its
  // journal mode, even where the file is to be refused. One that cannot would leave an empty log behind where there is none.
  const isAtRest = hasLog && !(await isThere(`${file}-wal`));
  return isAtRest ? openWriter(file) : openReaders(file, 1);
}
