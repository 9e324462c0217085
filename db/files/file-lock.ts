import { constants } from 'node:fs';
import { access, chmod } from 'node:fs/promises';
import sqlite3 from 'sqlite3';

const { OPEN_READONLY: readOnly, OPEN_READWRITE, OPEN_CREATE } = sqlite3;
const usualMode = OPEN_READWRITE | OPEN_CREATE;

export interface FileLock {
  release(): Promise<void>;
}

/** The lock is held by another process that is alive. */
export class LockHeld extends Error {
  override readonly name = 'LockHeld';
}

function connect(file: string, mode = usualMode): Promise<sqlite3.Database> {
  return new Promise((resolve, reject) => {
    const opened = new sqlite3.Database(file, mode, (error) => (error ? reject(error) : resolve(opened)));
  });
}

function execute(connection: sqlite3.Database, sql: string): Promise<void> {
  return new Promise((resolve, reject) => {
    connection.exec(sql, (error) => (error ? reject(error) : resolve()));
  });
}

function close(connection: sqlite3.Database): Promise<void> {
  return new Promise((resolve, reject) => {
    connection.close((error) => (error ? reject(error) : resolve()));
  });
}

/** How long a lock is waited for that its holder is about to give back. */
const defaultWaitMs = 1_000;

/**
 * Takes a lock that the system drops when its holder dies. Node has no file locks of its own, SQLite has on every
 * platform: the lock is an exclusive transaction on an empty database that is never written.
 * Throws LockHeld when another process has it for longer than `waitMs`.
 */
export async function takeLock(file: string, waitMs = defaultWaitMs): Promise<FileLock> {
  const connection = await connect(file);
  try {
    await chmod(file, 0o600);
    connection.configure('busyTimeout', waitMs);
    await execute(connection, 'BEGIN EXCLUSIVE');
  } catch (error) {
    await close(connection);
    if ((error as NodeJS.ErrnoException).code === 'SQLITE_BUSY') {
      throw new LockHeld(`${file} is held by another process.`, { cause: error });
    }
    throw error;
  }
  return {
    async release() {
      await execute(connection, 'ROLLBACK');
      await close(connection);
    },
  };
}

/**
 * Whether another process holds the lock, without taking it or making its file. Throws the system's error of a file that
 * cannot be read.
 */
export async function isLockHeld(file: string): Promise<boolean> {
  try {
    await access(file, constants.R_OK);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return false;
    }
    throw error;
  }
  const connection = await connect(file, readOnly);
  try {
    connection.configure('busyTimeout', 0);
    await execute(connection, 'SELECT 1 FROM sqlite_master');
    return false;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'SQLITE_BUSY') {
      return true;
    }
    throw error;
  } finally {
    await close(connection);
  }
}
