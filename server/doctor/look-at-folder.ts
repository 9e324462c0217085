import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Finding, right, wrong } from './finding.js';
import { namesText } from './words.js';

export const dataFolder = 'data folder';

const rightOne = 'Name the right one with --data (PAY_DATA_DIR).';

const othersMay = 0o077;
const octal = (mode: number) => (mode & 0o777).toString(8).padStart(4, '0');
const ownerText = (uid: number) => (uid === 0 ? 'root' : uid === process.getuid?.() ? 'you' : `user ${uid}`);

interface Seen {
  readonly name: string;
  readonly mode: number;
  readonly uid: number;
}

/** The files of a folder; one that goes meanwhile, as drafts do, is none. */
async function filesIn(folder: string): Promise<readonly Seen[]> {
  const seen = await Promise.all(
    (await readdir(folder)).map(async (name) => {
      const found = await stat(join(folder, name)).catch(() => undefined);
      return found?.isFile() ? { name, mode: found.mode, uid: found.uid } : undefined;
    }),
  );
  return seen.filter((file) => file !== undefined);
}

/** Whether the data folder is there and is for the server's user alone, with all that is in it. */
export async function lookAtFolder(folder: string): Promise<Finding> {
  const found = await stat(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') {
      return undefined;
    }
    throw error;
  });
  if (found === undefined) {
    return wrong(dataFolder, `${folder} is not there`, rightOne);
  }
  if (!found.isDirectory()) {
    return wrong(dataFolder, `${folder} is no folder`, rightOne);
  }
  const files = await filesIn(folder);
  if (process.platform === 'win32') {
    return right(dataFolder, `${folder}, ${files.length} files`);
  }
  const { mode, uid } = found;
  const foreign = files.filter((file) => file.uid !== uid);
  if (foreign.length > 0) {
    return wrong(
      dataFolder,
      `${folder} is of ${ownerText(uid)}, but ${namesText(foreign.map(({ name }) => name))} of ${ownerText(foreign[0]?.uid ?? uid)}: a command was run as another user than the server`,
      `chown -R ${uid} ${folder}`,
    );
  }
  if ((mode & othersMay) !== 0) {
    return wrong(
      dataFolder,
      `${folder} has the mode ${octal(mode)}: others may look into it`,
      `chmod 0700 ${folder}`,
    );
  }
  const open = files.filter((file) => (file.mode & othersMay) !== 0);
  if (open.length > 0) {
    const names = open.map(({ name }) => name);
    return wrong(
      dataFolder,
      `in ${folder} others may read ${namesText(names)} where the folder no longer hides them`,
      `chmod 0600 ${open
        .slice(0, 3)
        .map(({ name }) => join(folder, name))
        .join(' ')}`,
    );
  }
  return right(
    dataFolder,
    `${folder}, ${octal(mode)}, of ${ownerText(uid)}, as are its ${files.length} files`,
  );
}
