import SqliteTransaction from 'knex/lib/dialects/sqlite3/execution/sqlite-transaction.js';
import SqliteDialect from 'knex/lib/dialects/sqlite3/index.js';
import sqlite3 from 'sqlite3';
import { makeStatementCache, type StatementCache } from './statement-cache.js';
import { TookTooLong } from './took-too-long.js';

/** The pragmas that every connection must have, with what each reads back as. */
const pragmas = [
  { name: 'foreign_keys', value: 'ON', readsAs: 1 },
  // FULL syncs each commit: NORMAL loses acknowledged payments on power loss although every integrity check passes.
  { name: 'synchronous', value: 'FULL', readsAs: 2 },
  { name: 'busy_timeout', value: '5000', readsAs: 5000 },
  // Without recursive triggers, INSERT OR REPLACE would remove a row past the triggers that refuse removal.
  { name: 'recursive_triggers', value: 'ON', readsAs: 1 },
  { name: 'trusted_schema', value: 'OFF', readsAs: 0 },
  // Pages that many payments touch are copied into the database once for all of them; a restart reads the log in no time.
  { name: 'wal_autocheckpoint', value: '8000', readsAs: 8000 },
] as const;

const writeAheadLog = { name: 'journal_mode', value: 'WAL', readsAs: 'wal' } as const;

/** A connection with the statements that it keeps prepared. */
type Connection = sqlite3.Database & { readonly statements: StatementCache };

export type SqliteMode = 'create' | 'write' | 'read' | 'inspect' | 'memory';

/** A query as knex hands it to its dialect, and as it wants it back. */
interface SqliteQuery {
  readonly sql: string;
  readonly bindings?: readonly unknown[];
  readonly method?: string;
  readonly returning?: unknown;
  response?: unknown;
  context?: unknown;
}

const readOnly = { name: 'query_only', value: 'ON', readsAs: 1 } as const;

const cacheOf = (kibibytes: number) =>
  ({ name: 'cache_size', value: -kibibytes, readsAs: -kibibytes }) as const;

/**
 * The cache of the writer, for the pages that each payment looks at again; all else the system keeps in its own cache, once
 * for every connection.
 */
const writerCache = cacheOf(10_240);
const readerCache = cacheOf(4_096);

/** Whoever may write sees to it that there is a log. */
function pragmasOf(mode: SqliteMode) {
  switch (mode) {
    case 'create':
    case 'write':
      return [...pragmas, writerCache, writeAheadLog];
    case 'inspect':
      return [...pragmas, readerCache, readOnly];
    default:
      return [...pragmas, readerCache];
  }
}

interface SqliteSettings {
  readonly filename: string;
  readonly mode: SqliteMode;
  /** How long a statement may take; as long as it likes where nothing is said. */
  readonly deadlineMs?: number | undefined;
}

const isInterrupted = (error: unknown) => (error as NodeJS.ErrnoException).code === 'SQLITE_INTERRUPT';

function openFlags(mode: SqliteMode): number {
  switch (mode) {
    case 'create':
    case 'memory':
      return sqlite3.OPEN_READWRITE | sqlite3.OPEN_CREATE;
    case 'write':
    case 'inspect':
      return sqlite3.OPEN_READWRITE;
    case 'read':
      return sqlite3.OPEN_READONLY;
  }
}

function connect({ filename, mode }: SqliteSettings): Promise<sqlite3.Database> {
  return new Promise((resolve, reject) => {
    const connection = new sqlite3.Database(filename, openFlags(mode), (error) =>
      error ? reject(error) : resolve(connection),
    );
  });
}

function run(connection: sqlite3.Database, sql: string): Promise<Record<string, unknown> | undefined> {
  return new Promise((resolve, reject) => {
    connection.get<Record<string, unknown> | undefined>(sql, (error, row) =>
      error ? reject(error) : resolve(row),
    );
  });
}

function close(connection: sqlite3.Database): Promise<void> {
  return new Promise((resolve, reject) => {
    connection.close((error) => (error ? reject(error) : resolve()));
  });
}

async function configure(connection: sqlite3.Database, mode: SqliteMode): Promise<void> {
  for (const { name, value, readsAs } of pragmasOf(mode)) {
    await run(connection, `PRAGMA ${name} = ${value}`);
    const row = await run(connection, `PRAGMA ${name}`);
    const actual = row && Object.values(row)[0];
    if (actual !== readsAs) {
      throw new Error(`SQLite did not take PRAGMA ${name} = ${value}: it reads back as ${String(actual)}.`);
    }
  }
}

/** Takes the write lock when a transaction begins: a lock that is taken later fails without waiting when another writer came first. */
class ImmediateTransaction extends SqliteTransaction {
  override begin(connection: unknown): Promise<unknown> {
    return this.query(connection, 'BEGIN IMMEDIATE;');
  }
}

async function runQuery(connection: Connection, query: SqliteQuery): Promise<SqliteQuery> {
  if (!query.sql) {
    throw new Error('The query is empty.');
  }
  const statement = await connection.statements.get(query.sql);
  const isWrite = ['insert', 'update', 'counter', 'del'].includes(String(query.method)) && !query.returning;
  return new Promise((resolve, reject) => {
    const done = function done(this: sqlite3.RunResult, error: Error | null, rows?: unknown[]): void {
      if (error) {
        // A statement that was refused while it waited for a lock still counts as one in progress, and keeps others from committing.
        statement.reset(() => reject(error));
        return;
      }
      query.response = rows;
      query.context = this;
      resolve(query);
    };
    const bindings = query.bindings ?? [];
    if (isWrite) {
      statement.run(bindings, done);
    } else {
      statement.all(bindings, done);
    }
  });
}

/** Breaks off a statement that takes longer. A connection has one at a time, so that it is this one. */
async function runWithin(
  deadlineMs: number,
  connection: Connection,
  query: SqliteQuery,
): Promise<SqliteQuery> {
  const deadline = setTimeout(() => connection.interrupt(), deadlineMs);
  try {
    return await runQuery(connection, query);
  } catch (error) {
    throw isInterrupted(error) ? new TookTooLong(deadlineMs, error) : error;
  } finally {
    clearTimeout(deadline);
  }
}

/**
 * knex's SQLite dialect with our way of opening: the settings above are set and read back on every connection, and the
 * statements stay prepared.
 */
export class SqliteClient extends SqliteDialect {
  override _query(connection: Connection, query: SqliteQuery): Promise<SqliteQuery> {
    const { deadlineMs } = this.connectionSettings as SqliteSettings;
    return deadlineMs === undefined ? runQuery(connection, query) : runWithin(deadlineMs, connection, query);
  }

  /** SQLite does not close a connection that still has statements. */
  override async destroyRawConnection(connection: Connection): Promise<void> {
    await connection.statements.clear();
    await close(connection);
  }

  override async acquireRawConnection(): Promise<Connection> {
    const settings = this.connectionSettings as SqliteSettings;
    const connection = await connect(settings);
    try {
      await configure(connection, settings.mode);
    } catch (error) {
      await close(connection);
      throw error;
    }
    return Object.assign(connection, { statements: makeStatementCache(connection) });
  }

  override transaction(container: unknown, config: unknown, outerTransaction: unknown): ImmediateTransaction {
    return new ImmediateTransaction(this, container, config, outerTransaction);
  }
}
