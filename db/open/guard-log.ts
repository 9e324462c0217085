import { openReaders } from '../connect.js';

/** Keeps the log of a database where it is. */
export interface LogGuard {
  /**
   * Reads what the log holds now, so that it is not begun anew before `letGo`: whoever writes appends to it, and nothing behind what
   * it holds now is copied.
   */
  hold(): Promise<void>;
  letGo(): Promise<void>;
  /** From now on the last connection that closes takes the log away. */
  release(): Promise<void>;
}

/**
 * Guards the log of a database. Whichever connection closes last copies the log and takes it away, also where a copy of it has
 * failed before, unless that one can only read. The guard is such a one: to be opened before any that can write, and to be
 * released after those, wherever the database needs its log. Throws what SQLite throws where it cannot be read.
 */
export async function guardLog(file: string): Promise<LogGuard> {
  const reader = openReaders(file, 1);
  const look = () => reader.raw('select 1 from sqlite_schema limit 1');
  async function letGo(): Promise<void> {
    try {
      await reader.raw('ROLLBACK');
    } catch {
      // It held nothing.
    }
  }
  try {
    // SQLite counts it among the connections once it has read.
    await look();
  } catch (error) {
    await reader.destroy();
    throw error;
  }
  return {
    async hold() {
      await letGo();
      await reader.raw('BEGIN');
      await look();
    },
    letGo,
    release: () => reader.destroy(),
  };
}
