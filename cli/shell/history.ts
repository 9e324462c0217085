import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withLock } from '../files/lock.js';
import { makePrivateFolder, writePrivateFile } from '../files/write-file.js';

export interface History {
  /** The lines of this and earlier shells, newest first. */
  lines(): readonly string[];
  /** Adds a line; on the disk, too, where it is to be kept. */
  add(line: string, isRecorded: boolean): void;
  /** Resolves when everything is on the disk. @throws where it cannot be written */
  saved(): Promise<void>;
}

const mostLines = 1_000;
// The file is cut only now and then: to write it anew for each line would be slower the longer it is.
const mostLinesInFile = 2 * mostLines;

// The file is written by whoever shares it, a line each, so that several shells at once lose nothing of each other.
async function append(folder: string, line: string): Promise<void> {
  const path = join(folder, 'history');
  await withLock(join(folder, 'history.lock'), async () => {
    await makePrivateFolder(folder);
    await appendFile(path, `${line}\n`, { mode: 0o600 });
  });
}

async function linesOf(path: string): Promise<string[]> {
  try {
    return (await readFile(path, 'utf8')).split('\n').filter((line) => line !== '');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return [];
    }
    throw error;
  }
}

async function cut(folder: string): Promise<void> {
  const path = join(folder, 'history');
  await withLock(join(folder, 'history.lock'), async () => {
    const lines = await linesOf(path);
    await writePrivateFile(path, `${lines.slice(-mostLines).join('\n')}\n`);
  });
}

/** The lines of earlier shells, in the file `history` of the folder, which only its owner can read. */
export async function openHistory(folder: string): Promise<History> {
  const known = await linesOf(join(folder, 'history'));
  if (known.length > mostLinesInFile) {
    await cut(folder);
  }
  let lines = known.slice(-mostLines).reverse();
  let writing: Promise<void> = Promise.resolve();
  return {
    lines: () => lines,
    add(line, isRecorded) {
      const isAgain = lines[0] === line;
      if (!isAgain) {
        lines = [line, ...lines].slice(0, mostLines);
      }
      if (isRecorded && !isAgain) {
        const before = writing;
        writing = before.then(() => append(folder, line));
        // A failure is told by saved(), whenever that is asked for.
        writing.catch(() => undefined);
      }
    },
    saved: () => writing,
  };
}
