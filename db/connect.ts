import knex, { type Knex } from 'knex';
import { isPostgres } from './postgres/place.js';
import { PostgresClient, type PostgresMode } from './postgres/postgres-client.js';
import { SqliteClient, type SqliteMode } from './sqlite/sqlite-client.js';

/** A connection pool to the database; `Transaction` is one unit of work on it. */
export type Database = Knex;
export type Transaction = Knex.Transaction;

const unheard = () => {};
const longestTimerMs = 2 ** 31 - 1;

function openWith(client: unknown, connection: object, connections: number): Database {
  return knex({
    client: client as typeof Knex.Client,
    connection: connection as Knex.StaticConnectionConfig,
    useNullAsDefault: true,
    // The values of a statement, password hashes among them, must not get into a message and from there into a log.
    compileSqlOnError: false,
    // The error that is thrown tells what goes wrong; knex would print it for the operator, too, with a stack.
    log: { warn: unheard, error: unheard, deprecate: unheard, debug: unheard },
    // Connections stay until the pool is closed, so that nobody need look once a second for idle ones.
    pool: { min: 1, max: connections, idleTimeoutMillis: longestTimerMs, reapIntervalMillis: longestTimerMs },
  });
}

const open = (filename: string, mode: SqliteMode, connections: number, deadlineMs?: number): Database =>
  openWith(SqliteClient, { filename, mode, deadlineMs }, connections);

const openPostgres = (
  connectionString: string,
  mode: PostgresMode,
  connections: number,
  deadlineMs?: number,
): Database => openWith(PostgresClient, { connectionString, mode, deadlineMs }, connections);

/** The only connection that writes; there is one writer at a time, so a second would only wait for it. */
export function openWriter(place: string): Database {
  return isPostgres(place) ? openPostgres(place, 'write', 1) : open(place, 'write', 1);
}

/** Connections that cannot write and never wait for the writer: under SQLite's write-ahead log, or PostgreSQL's snapshots. */
export function openReaders(place: string, connections = 3): Database {
  return isPostgres(place) ? openPostgres(place, 'read', connections) : open(place, 'read', connections);
}

/** A connection to a database of PostgreSQL for whoever makes its schema or looks at it as a whole. */
export function openMaker(url: string): Database {
  return openPostgres(url, 'make', 1);
}

/** Connections for what may have to look through much: a statement that takes longer is broken off, with TookTooLong. */
export function openPatientReaders(place: string, connections: number, deadlineMs: number): Database {
  return isPostgres(place)
    ? openPostgres(place, 'read', connections, deadlineMs)
    : open(place, 'read', connections, deadlineMs);
}

/**
 * A connection that takes the database as it finds it, whatever its journal, and refuses to write. Unlike one that is opened
 * for reading alone, it knows the CHECK constraints: SQLite does not even read those of a database that it cannot write.
 */
export function openInspector(filename: string): Database {
  return open(filename, 'inspect', 1);
}

/** A database that is gone when it is closed. */
export function openInMemory(): Database {
  return open(':memory:', 'memory', 1);
}

/** A writer that makes the file; used once, when a database is made. */
export function openNew(filename: string): Database {
  return open(filename, 'create', 1);
}
