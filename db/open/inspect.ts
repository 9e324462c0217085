import { statfsSync } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import sqlite3 from 'sqlite3';
import type { Database } from '../connect.js';
import { DatabaseProblem } from '../files/database-problem.js';
import { appendOnlyTriggers } from '../migrations/append-only.js';
import { pendingMigrations, unknownMigrations } from '../migrations/migrations.js';
import { postgresProblem } from '../postgres/open/postgres-problem.js';
import { isPostgres } from '../postgres/place.js';
import type { LogFacts } from '../sqlite/inspect-log.js';
import { userVersionOffset } from '../sqlite/scan-log.js';
import { readEnds } from './inspect-ends.js';

/** "PAY1" in ASCII: SQLite's application_id, by which a database of ours is told from others. */
export const applicationId = 0x50415931;

/** Where SQLite's header says how many pages the database has. */
const pageCountOffset = 28;

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

const damaged = (file: string, what: string, cause?: unknown) =>
  new DatabaseProblem(
    `${file} is damaged: ${what}. Nothing was changed. Keep a copy of it and of the files beside it, then restore a backup.`,
    { cause },
  );

const elsewhere = 'Choose another data folder with --data, or move the file away.';

const intents = {
  reading: { flag: 'r', permission: 'read permission', otherwise: elsewhere },
  'reading and writing': { flag: 'r+', permission: 'read and write permission', otherwise: elsewhere },
  restoring: {
    flag: 'r',
    permission: 'read permission',
    otherwise: 'Name a file that pay-server backup has made; one that was packed is unpacked first.',
  },
} as const;

type Intent = keyof typeof intents;

const foreign = (file: string, what: string, intent: Intent) =>
  new DatabaseProblem(
    `${file} is not a database of pay: ${what}. Nothing was changed. ${intents[intent].otherwise}`,
  );

/** Throws DatabaseProblem for a folder, which cannot be read, and for a pipe or device, which may be waited for without end. */
async function refuseOtherThanFile(file: string, intent: Intent): Promise<void> {
  const found = await stat(file).catch(() => undefined);
  if (found !== undefined && !found.isFile()) {
    throw foreign(file, found.isDirectory() ? 'it is a folder' : 'it is no file', intent);
  }
}

export interface FileFacts extends LogFacts {
  /** Whether the database is kept with a write-ahead log. */
  readonly hasLog: boolean;
}

/**
 * Looks at the file itself before SQLite touches it. Throws DatabaseProblem when it cannot be one of ours. A process that has
 * the database open must not do so: the system drops all locks that it has on a file when it closes that once.
 */
export async function inspectFile(file: string, intent: Intent = 'reading and writing'): Promise<FileFacts> {
  await refuseOtherThanFile(file, intent);
  const { flag, permission } = intents[intent];
  const handle = await open(file, flag).catch((error: NodeJS.ErrnoException) => {
    throw new DatabaseProblem(
      `${file} cannot be opened for ${intent} (${error.code}). ` +
        `Give the user that runs the server ${permission} on it.`,
      { cause: error },
    );
  });
  try {
    const { size } = await handle.stat();
    const header = Buffer.alloc(100);
    const { bytesRead } = await handle.read(header, 0, 100, 0);
    if (bytesRead < 100 || header.toString('latin1', 0, 16) !== 'SQLite format 3\0') {
      throw foreign(
        file,
        size === 0 ? 'it is empty' : 'it does not begin as an SQLite database does',
        intent,
      );
    }
    if (header.readUInt32BE(68) !== applicationId) {
      throw foreign(file, 'another program made it', intent);
    }
    const hasLog = header[18] === 2 && header[19] === 2;
    // 65536 does not fit into the two bytes: it is kept as 1.
    const pageBytes = header.readUInt16BE(16) === 1 ? 65_536 : header.readUInt16BE(16);
    // Of a backup that lacks its end, as after a copy that was cut off, SQLite says that the disk fails.
    if (intent === 'restoring' && !hasLog && size < header.readUInt32BE(pageCountOffset) * pageBytes) {
      throw damaged(file, 'its end is missing');
    }
    return { hasLog, mark: header.readInt32BE(userVersionOffset), pageBytes };
  } finally {
    await handle.close();
  }
}

const signsOfDamage = new Set([
  ...['SQLITE_CORRUPT', 'SQLITE_NOTADB', 'SQLITE_ERROR', 'SQLITE_READONLY'],
  // PostgreSQL's data_corrupted, index_corrupted, undefined_table and undefined_column.
  ...['XX001', 'XX002', '42P01', '42703'],
]);

/**
 * The signs of damage: SQLite says one of these of a database that was whole when it was made only when something has
 * changed it since.
 */
export function isSignOfDamage(error: unknown): boolean {
  return signsOfDamage.has(String((error as NodeJS.ErrnoException).code));
}

/** The problem that a command tells of a file that SQLite cannot read; any other error as it is. */
export function damageProblem(file: string, error: unknown): unknown {
  return isSignOfDamage(error) ? damaged(file, 'SQLite cannot read it', error) : error;
}

/** A connection, or a snapshot that one holds open. */
type Source = Pick<Database, 'raw'> | { raw(sql: string): Promise<readonly Record<string, unknown>[]> };

async function readRows(
  database: Source,
  file: string,
  sql: string,
): Promise<readonly Record<string, unknown>[]> {
  try {
    return await database.raw(sql);
  } catch (error) {
    if (isSignOfDamage(error)) {
      throw damaged(file, 'SQLite cannot read it', error);
    }
    throw error;
  }
}

/** Up to this size a database is looked at whole, which takes a few tenths of a second; a larger one would keep a start waiting. */
const mostBytesLookedAt = 16 * 1024 * 1024;

async function sizeOf(database: Database, file: string): Promise<number> {
  const sql = 'select page_count * page_size as bytes from pragma_page_count, pragma_page_size';
  const [row] = await readRows(database, file, sql);
  return Number(row?.bytes);
}

/**
 * Whether SQLite finds the file's structure whole, in a time that does not grow with it: of a large file the schema and
 * both ends of each tree are looked at, the rest is for `pay-server check`. Throws DatabaseProblem when not.
 */
export async function inspectStructure(database: Database, file: string): Promise<void> {
  const isSmall = (await sizeOf(database, file)) <= mostBytesLookedAt;
  const rows = await readRows(
    database,
    file,
    isSmall ? 'PRAGMA quick_check(1)' : 'PRAGMA quick_check(sqlite_schema)',
  );
  const verdict = String(rows[0]?.quick_check);
  if (verdict !== 'ok') {
    throw damaged(file, verdict);
  }
  if (!isSmall) {
    await readEnds((sql) => readRows(database, file, sql));
  }
}

const namesOf = (rows: readonly Record<string, unknown>[]) => rows.map(({ name }) => String(name));

const readTables = async (database: Source, file: string) =>
  namesOf(await readRows(database, file, "select name from sqlite_master where type = 'table'"));

/**
 * Whether the schema is one that this program knows. Gives the migrations that it has not seen yet. Throws
 * DatabaseProblem when it is newer than the program or says nothing of itself.
 */
export async function inspectSchema(database: Source, file: string): Promise<readonly string[]> {
  if (!(await readTables(database, file)).includes('migrations')) {
    throw damaged(file, 'it does not say which migrations it has seen');
  }
  const applied = namesOf(await readRows(database, file, 'select name from migrations order by id'));
  const unknown = unknownMigrations(applied);
  if (unknown.length > 0) {
    throw new DatabaseProblem(
      `${file} was made by a newer version of pay (it has ${unknown.join(', ')}, which this one does not know). ` +
        'Nothing was changed. Start the newer version, or restore a backup from before the upgrade.',
    );
  }
  return pendingMigrations(applied);
}

const guardedTables = ['payments', 'entries', 'rates', 'idempotency_keys', 'events', 'audit'];

/**
 * Whether the triggers that keep the books append-only are in place as written; where migrations are pending, those of
 * the tables that are there. Throws DatabaseProblem when not.
 */
export async function inspectGuards(
  database: Source,
  file: string,
  pending: readonly string[],
): Promise<void> {
  const tables = await readTables(database, file);
  const guarded = guardedTables.filter((table) => pending.length === 0 || tables.includes(table));
  const rows = await readRows(database, file, "select name, sql from sqlite_master where type = 'trigger'");
  const present = new Map(rows.map(({ name, sql }) => [name, sql]));
  for (const { name, sql } of guarded.flatMap(appendOnlyTriggers)) {
    if (String(present.get(name)).toLowerCase() !== sql.toLowerCase()) {
      throw damaged(file, `the trigger ${name} is missing or changed`);
    }
  }
}

/** The room that SQLite needs at least beside a database, for the index of its log. */
const leastRoomBytes = 64 * 1024;

function hasRoom(file: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(dirname(file));
    return bavail * bsize >= leastRoomBytes;
  } catch {
    return true;
  }
}

/** Whether there was no room; of files that it cannot make large enough SQLite says no more than that the disk failed. */
const isForWantOfRoom = (file: string, code: string | undefined) =>
  code === 'SQLITE_FULL' ||
  code === 'ENOSPC' ||
  code === 'EDQUOT' ||
  (code === 'SQLITE_IOERR' && !hasRoom(file));

/** The problem that a start tells of a disk, a system or a PostgreSQL that fails it; any other error as it is. */
export function storageProblem(file: string, error: unknown): unknown {
  if (isPostgres(file)) {
    return postgresProblem(file, error);
  }
  const { code, message } = error as NodeJS.ErrnoException;
  if (isForWantOfRoom(file, code)) {
    return new DatabaseProblem(
      `There is no room on the disk for ${file} (${code}). Make room, then start again; what was there is unharmed.`,
      { cause: error },
    );
  }
  if (/^(SQLITE_(BUSY|CANTOPEN|IOERR|LOCKED|PERM|PROTOCOL)|EIO|EROFS|EACCES|EPERM)/.test(String(code))) {
    return new DatabaseProblem(
      `${file} cannot be used now (${message}). Look whether the disk is well and whether another program holds the file, then start again.`,
      { cause: error },
    );
  }
  return error;
}
