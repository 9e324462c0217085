import { open } from 'node:fs/promises';
import sqlite3 from 'sqlite3';
import { appendOnlyTriggers } from './append-only.js';
import type { Database } from './connect.js';
import { DatabaseProblem } from './database-problem.js';
import { appliedMigrations, unknownMigrations } from './migrations.js';

/** "PAY1" in ASCII: SQLite's application_id, by which a database of ours is told from others. */
export const applicationId = 0x50415931;

const oldestSqlite = [3, 51, 3] as const;

/** Throws DatabaseProblem for an SQLite whose write-ahead log can be corrupted (fixed in 3.51.3). */
export function refuseOldSqlite(version: string = sqlite3.VERSION): void {
  const parts = version.split('.').map(Number);
  for (const [index, oldest] of oldestSqlite.entries()) {
    const part = parts[index] ?? 0;
    if (part !== oldest) {
      if (part > oldest) {
        return;
      }
      throw new DatabaseProblem(
        `SQLite ${version} can damage a database that several connections use; ${oldestSqlite.join('.')} or newer is needed. ` +
          'Install the dependencies again from the lock file (npm ci).',
      );
    }
  }
}

const damaged = (file: string, what: string) =>
  new DatabaseProblem(
    `${file} is damaged: ${what}. Nothing was changed. Keep a copy of it and of the files beside it, then restore a backup.`,
  );

const foreign = (file: string, what: string) =>
  new DatabaseProblem(
    `${file} is not a database of pay: ${what}. Nothing was changed. Choose another data folder with --data, or move the file away.`,
  );

/** Looks at the file itself before SQLite touches it. Throws DatabaseProblem when it cannot be one of ours. */
export async function inspectFile(file: string): Promise<void> {
  const handle = await open(file, 'r+').catch((error: NodeJS.ErrnoException) => {
    throw new DatabaseProblem(
      `${file} cannot be opened for reading and writing (${error.code}). ` +
        'Give the user that runs the server read and write permission on it.',
      { cause: error },
    );
  });
  try {
    const { size } = await handle.stat();
    const header = Buffer.alloc(100);
    const { bytesRead } = await handle.read(header, 0, 100, 0);
    if (bytesRead < 100 || header.toString('latin1', 0, 16) !== 'SQLite format 3\0') {
      throw foreign(file, size === 0 ? 'it is empty' : 'it does not begin as an SQLite database does');
    }
    if (header.readUInt32BE(68) !== applicationId) {
      throw foreign(file, 'another program made it');
    }
  } finally {
    await handle.close();
  }
}

async function readRows(
  database: Database,
  file: string,
  sql: string,
): Promise<readonly Record<string, unknown>[]> {
  try {
    return await database.raw(sql);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'SQLITE_CORRUPT' || code === 'SQLITE_NOTADB') {
      throw damaged(file, 'SQLite cannot read it');
    }
    throw error;
  }
}

/** Whether SQLite finds the file's structure whole. Throws DatabaseProblem when not. */
export async function inspectStructure(database: Database, file: string): Promise<void> {
  const rows = await readRows(database, file, 'PRAGMA quick_check(1)');
  const verdict = String(rows[0]?.quick_check);
  if (verdict !== 'ok') {
    throw damaged(file, verdict);
  }
}

/** Whether the schema is one that this program knows, guards included. Throws DatabaseProblem when not. */
export async function inspectSchema(database: Database, file: string): Promise<void> {
  const tables = await readRows(database, file, "select name from sqlite_master where type = 'table'");
  if (!tables.some(({ name }) => name === 'migrations')) {
    throw damaged(file, 'it does not say which migrations it has seen');
  }
  const unknown = unknownMigrations(await appliedMigrations(database));
  if (unknown.length > 0) {
    throw new DatabaseProblem(
      `${file} was made by a newer version of pay (it has ${unknown.join(', ')}, which this one does not know). ` +
        'Nothing was changed. Start the newer version, or restore a backup from before the upgrade.',
    );
  }
}

/** Whether the triggers that keep the books append-only are in place as written. Throws DatabaseProblem when not. */
export async function inspectGuards(database: Database, file: string): Promise<void> {
  const rows = await readRows(database, file, "select name, sql from sqlite_master where type = 'trigger'");
  const present = new Map(rows.map(({ name, sql }) => [name, sql]));
  for (const { name, sql } of ['payments', 'entries', 'idempotency_keys'].flatMap(appendOnlyTriggers)) {
    if (String(present.get(name)).toLowerCase() !== sql.toLowerCase()) {
      throw damaged(file, `the trigger ${name} is missing or changed`);
    }
  }
}
