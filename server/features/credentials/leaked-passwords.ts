import { hash } from 'node:crypto';
import { constants, type FileHandle, open } from 'node:fs/promises';

/** Why a list of leaked passwords cannot be used. */
export class LeakedListFault extends Error {
  override readonly name = 'LeakedListFault';
}

/** Whether a password is in the list. */
export type IsLeaked = (password: string) => Promise<boolean>;

/** A hash, and how often the password leaked, as the list of Have I Been Pwned has them. */
const lineForm = /^([0-9A-F]{40})(?::[0-9]{1,15})?\r?\n?$/i;

/** For reading, and without waiting for who writes into a pipe, in which nothing can be looked for. */
const readingAtOnce = constants.O_RDONLY | constants.O_NONBLOCK;

/** The bytes that are read at a time: more than any two lines have. */
const chunkBytes = 256;

interface Line {
  readonly start: number;
  readonly end: number;
  readonly hash: string;
}

function unreadable(path: string, error: NodeJS.ErrnoException): never {
  throw new LeakedListFault(
    `${path} cannot be read (${error.code}). Name a list of leaked passwords with PAY_LEAKED_PASSWORDS, or none.`,
    { cause: error },
  );
}

/** The first line that begins at this place or behind it; undefined where none does. Throws LeakedListFault. */
async function lineFrom(file: FileHandle, path: string, place: number): Promise<Line | undefined> {
  const from = Math.max(0, place - 1);
  const { buffer, bytesRead } = await file
    .read(Buffer.alloc(chunkBytes), 0, chunkBytes, from)
    .catch((error) => unreadable(path, error));
  const text = buffer.toString('latin1', 0, bytesRead);
  const begin = place === 0 ? 0 : text.indexOf('\n') + 1;
  if ((place > 0 && begin === 0) || begin >= text.length) {
    return undefined;
  }
  const next = text.indexOf('\n', begin);
  const end = next === -1 ? text.length : next + 1;
  const found = lineForm.exec(text.slice(begin, end))?.[1];
  if (found === undefined) {
    throw new LeakedListFault(
      `${path} (PAY_LEAKED_PASSWORDS) has something else than a SHA-1 in hexadecimal at byte ${from + begin}. It takes one a line, sorted, with or without ":" and a count behind it.`,
    );
  }
  return { start: from + begin, end: from + end, hash: found.toUpperCase() };
}

/** Looks for a hash in the sorted lines, by halves: in a list of a billion some forty reads of the file. */
async function holds(file: FileHandle, path: string, wanted: string): Promise<boolean> {
  let low = 0;
  let high = (await file.stat()).size;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const line = await lineFrom(file, path, middle);
    if (line === undefined || line.start >= high || line.hash > wanted) {
      high = middle;
    } else if (line.hash < wanted) {
      low = line.end;
    } else {
      return true;
    }
  }
  return false;
}

async function withFile<Result>(path: string, work: (file: FileHandle) => Promise<Result>): Promise<Result> {
  const file = await open(path, readingAtOnce).catch((error) => unreadable(path, error));
  try {
    return await work(file);
  } finally {
    await file.close();
  }
}

/**
 * Opens a list of leaked passwords: SHA-1 in hexadecimal, one a line, sorted, as that of Have I Been Pwned is downloaded. It is
 * looked into where it lies and never read whole; one that is put in its place counts from then on. SHA-1 is what the list is
 * sorted by, and protects nothing here. Without a list no password is in it. Throws LeakedListFault.
 */
export async function openLeakedList(path: string | undefined): Promise<IsLeaked> {
  if (path === undefined) {
    return async () => false;
  }
  await withFile(path, async (file) => {
    if ((await lineFrom(file, path, 0)) === undefined) {
      throw new LeakedListFault(`${path} (PAY_LEAKED_PASSWORDS) is empty.`);
    }
  });
  return (password) =>
    withFile(path, (file) => holds(file, path, hash('sha1', password, 'hex').toUpperCase()));
}
