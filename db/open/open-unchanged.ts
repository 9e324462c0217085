import { type Database, openReaders, openWriter } from '../connect.js';
import { isThere } from '../files/is-there.js';

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
