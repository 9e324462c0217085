import { type FileHandle, open } from 'node:fs/promises';
import sqlite3 from 'sqlite3';

export interface CopyOptions {
  /** Told after every step how much is copied, from 0 to 1. */
  readonly onProgress?: ((fraction: number) => void) | undefined;
  /** Called between two steps with the milliseconds that the last one took; the next begins when it resolves. */
  readonly rest?: ((tookMs: number) => Promise<unknown>) | undefined;
  /** Ends the copy: it rejects with the reason of the signal. */
  readonly signal?: AbortSignal | undefined;
}

/** The pages that a step copies: 1 MiB, for which somebody else's sync waits some milliseconds at most. */
const pagesInStep = 256;

const codes = ['BUSY', 'CANTOPEN', 'CORRUPT', 'FULL', 'IOERR', 'LOCKED', 'PERM', 'READONLY'] as const;

/**
 * An error of a copy with the code by which errors of SQLite are known. A copy gives SQLite's more exact ones, for which the package
 * has no name; the last byte of their number is that of the code that they are a kind of.
 */
function nameCode(error: NodeJS.ErrnoException): NodeJS.ErrnoException {
  const name = codes.find((known) => sqlite3[known] === (error.errno ?? 0) % 256);
  if (name === undefined) {
    return error;
  }
  const code = `SQLITE_${name}`;
  return Object.assign(error, { code, message: error.message.replace(/^UNKNOWN/, code) });
}

function begin(connection: sqlite3.Database, target: string): Promise<sqlite3.Backup> {
  return new Promise((resolve, reject) => {
    const backup = connection.backup(target, (error) => (error ? reject(nameCode(error)) : resolve(backup)));
  });
}

function step(backup: sqlite3.Backup): Promise<void> {
  return new Promise((resolve, reject) => {
    backup.step(pagesInStep, (error) => (error ? reject(nameCode(error)) : resolve()));
  });
}

function finish(backup: sqlite3.Backup): Promise<void> {
  return new Promise((resolve, reject) => {
    backup.finish((error) => (error ? reject(nameCode(error)) : resolve()));
  });
}

/**
 * Copies the database page by page into the file. The connection must be in a transaction: then the copy is of its
 * snapshot, never begins anew because somebody writes, and holds nobody up.
 */
export async function copyPages(
  connection: sqlite3.Database,
  target: string,
  { onProgress, rest, signal }: CopyOptions,
): Promise<void> {
  const backup = await begin(connection, target);
  let file: FileHandle | undefined;
  try {
    file = await open(target, 'a');
    while (!backup.completed) {
      signal?.throwIfAborted();
      const beganMs = performance.now();
      await step(backup);
      // What is copied goes to the disk bit by bit: else whoever pays would wait for all of it to get there before their own sync.
      await file.datasync();
      onProgress?.(1 - backup.remaining / Math.max(1, backup.pageCount));
      if (!backup.completed) {
        await rest?.(performance.now() - beganMs);
      }
    }
  } finally {
    await finish(backup);
    // The system drops the locks on a file when any of its descriptors closes: those of the copy are not needed any more.
    await file?.close();
  }
}
