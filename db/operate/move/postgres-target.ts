import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Client } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { Database } from '../../connect.js';
import { DatabaseProblem } from '../../files/database-problem.js';
import { copyText } from '../../postgres/move/copy-text.js';
import { leanSchema } from '../../postgres/move/lean-schema.js';
import { haveAlone } from '../../postgres/open/have-alone.js';
import { readAppliedMigrations } from '../../postgres/open/inspect-books.js';
import { type OneConnection, takeConnection } from '../../postgres/open/one-connection.js';
import { migratePostgres, pendingPostgresMigrations } from '../../postgres/open/postgres-migrations.js';
import { shownPlace } from '../../postgres/place.js';
import { PostgresError } from '../../postgres/postgres-error.js';
import type { TableName } from '../../rows.js';
import { tables } from '../../tables.js';
import type { MovedRow, MoveTarget } from './target.js';

/** Makes the tables where there are none; those of a server that was never started, or of a move that was killed, are empty. */
async function prepare(database: Database, url: string): Promise<void> {
  const applied = await readAppliedMigrations(database, url);
  if (applied === undefined || pendingPostgresMigrations(applied).length > 0) {
    await migratePostgres(database);
  }
  const [found] = await database.raw(
    'select exists (select from rates) or exists (select from users) as are_there',
  );
  if (found?.are_there) {
    throw new DatabaseProblem(
      `There are books in ${shownPlace(url)} already. Books are moved to where none are: make another database (createdb) and name that. Nothing was changed.`,
    );
  }
}

async function* textOf(table: TableName, pages: AsyncIterable<readonly MovedRow[]>): AsyncGenerator<string> {
  const { columns, bytes } = tables[table];
  for await (const rows of pages) {
    yield copyText(rows, columns, bytes);
  }
}

/** Copies rows into a table. Throws PostgresError, and what `pages` throws. */
async function copyRows(
  connection: Client,
  table: TableName,
  pages: AsyncIterable<readonly MovedRow[]>,
): Promise<void> {
  let ofPages: unknown;
  // What ends the stream is thrown into the generator that it reads, which ends this one without a word.
  async function* watched() {
    try {
      yield* pages;
    } catch (error) {
      ofPages = error;
      throw error;
    }
  }
  const columns = tables[table].columns.map((column) => `"${column}"`).join(', ');
  const copy = connection.query(copyFrom(`copy "${table}" (${columns}) from stdin`));
  try {
    await pipeline(Readable.from(textOf(table, watched()), { objectMode: true }), copy);
  } catch (error) {
    // The library hands on what the connection says as it is.
    throw error === ofPages ? error : new PostgresError(error as Error, true);
  }
}

/** Makes the books known. Where the connection is lost meanwhile, it is not known whether they are. Throws DatabaseProblem then. */
async function commit(run: (sql: string) => Promise<unknown>, url: string): Promise<void> {
  try {
    await run('commit');
  } catch (error) {
    if (!(error instanceof PostgresError && error.isOutage)) {
      throw error;
    }
    throw new DatabaseProblem(
      `The connection to ${shownPlace(url)} was lost in the last moment (${error.reason}): the books are there whole, or not at all. ` +
        'pay-server check with it as --database-url says which; where there are none, move them again. Those that were moved are as they were.',
      { cause: error },
    );
  }
}

/** Begins the transaction in which the rows come. */
async function begin(
  { client }: Database,
  { connection, raw }: OneConnection,
  url: string,
): Promise<Omit<MoveTarget, 'close'>> {
  await raw('begin');
  const restore = await leanSchema(raw);
  await raw('delete from chain_heads');
  return {
    place: shownPlace(url),
    view: { client, raw },
    put: (table, pages) => copyRows(connection, table, pages),
    async complete() {
      await restore();
      await raw('analyze');
    },
    keep: () => commit(raw, url),
  };
}

async function havePrepared(url: string): Promise<Database> {
  const database = await haveAlone(url);
  try {
    await prepare(database, url);
    return database;
  } catch (error) {
    await database.destroy();
    throw error;
  }
}

/** A database of PostgreSQL, whose rows come in one transaction. Throws DatabaseProblem. */
export async function openPostgresTarget(url: string): Promise<MoveTarget> {
  const database = await havePrepared(url);
  const one = await takeConnection(database);
  try {
    return { ...(await begin(database, one, url)), close: one.close };
  } catch (error) {
    await one.close();
    throw error;
  }
}
