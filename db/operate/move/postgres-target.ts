import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Client } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { Database } from '../../connect.js';
import { DatabaseProblem } from '../../files/database-problem.js';
import type { Snapshot } from '../../open/snapshot.js';
import { copyText } from '../../postgres/move/copy-text.js';
import { leanSchema } from '../../postgres/move/lean-schema.js';
import { haveAlone } from '../../postgres/open/have-alone.js';
import { readAppliedMigrations } from '../../postgres/open/inspect-books.js';
import { migratePostgres, pendingPostgresMigrations } from '../../postgres/open/postgres-migrations.js';
import { shownPlace } from '../../postgres/place.js';
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

/** A database of PostgreSQL, whose rows come in one transaction. Throws DatabaseProblem. */
export async function openPostgresTarget(url: string): Promise<MoveTarget> {
  const database = await haveAlone(url);
  try {
    await prepare(database, url);
    const connection: Client = await database.client.acquireConnection();
    const raw = (async (sql: string, bindings: readonly (string | number)[] = []) =>
      database.raw(sql, [...bindings]).connection(connection)) as Snapshot['raw'];
    await raw('begin');
    const restore = await leanSchema(raw);
    await raw('delete from chain_heads');
    return {
      place: shownPlace(url),
      view: { client: database.client, raw },
      async put(table, pages) {
        const columns = tables[table].columns.map((column) => `"${column}"`).join(', ');
        const copy = connection.query(copyFrom(`copy "${table}" (${columns}) from stdin`));
        await pipeline(Readable.from(textOf(table, pages), { objectMode: true }), copy);
      },
      async complete() {
        await restore();
        await raw('analyze');
      },
      keep: async () => void (await raw('commit')),
      async close() {
        await database.client.releaseConnection(connection);
        await database.destroy();
      },
    };
  } catch (error) {
    await database.destroy();
    throw error;
  }
}
