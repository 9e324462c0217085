import { dirname } from 'node:path';
import { insertStatement } from '../../batch-view.js';
import { type Database, openNew } from '../../connect.js';
import { exists, makeFolder } from '../../files/data-folder.js';
import { DatabaseProblem } from '../../files/database-problem.js';
import { beginDraft, type Draft } from '../../files/draft.js';
import { migrate } from '../../migrations/migrations.js';
import { applicationId } from '../../open/inspect.js';
import { lockDatabase } from '../../open/lock-database.js';
import { refuseOrphanedLog } from '../../open/open-database.js';
import type { Snapshot } from '../../open/snapshot.js';
import { makeUnusedMark } from '../../sqlite/use-mark.js';
import { tables } from '../../tables.js';
import type { MoveTarget } from './target.js';

async function refuseExisting(file: string): Promise<void> {
  if (await exists(file)) {
    throw new DatabaseProblem(
      `${file} is there already. Books are moved to where none are; name another file, or move that one away. Nothing was changed.`,
    );
  }
  await refuseOrphanedLog(file);
}

/** Makes the tables, without a row. */
async function makeTables(database: Database): Promise<void> {
  await database.raw(`PRAGMA application_id = ${applicationId}`);
  await migrate(database);
  // The draft is synced as a whole before it is put in its place, and its references are looked at when all rows are there.
  await database.raw('PRAGMA synchronous = OFF');
  await database.raw('PRAGMA foreign_keys = OFF');
  await database.raw('delete from chain_heads');
}

/** The draft as what rows are put into; `end` closes the connections to it. */
function targetOf(
  file: string,
  draft: Draft,
  database: Database,
  end: () => Promise<void>,
): Omit<MoveTarget, 'close'> {
  return {
    place: file,
    view: {
      client: database.client,
      raw: (async (sql: string, bindings: readonly (string | number)[] = []) =>
        database.raw(sql, [...bindings])) as Snapshot['raw'],
    },
    async put(table, pages) {
      const statement = insertStatement(table, 'jsonb(?)');
      for await (const rows of pages) {
        const values = rows.map((row) => tables[table].columns.map((column) => row[column]));
        await database.raw(statement, [JSON.stringify(values)]);
      }
    },
    async complete() {
      const [broken] = await database.raw('PRAGMA foreign_key_check');
      if (broken !== undefined) {
        throw new DatabaseProblem(
          `A row of ${broken.table} names one of ${broken.parent} that is not there. Check the books that are moved (pay-server check). Nothing was moved.`,
        );
      }
    },
    async keep() {
      await database.raw(`PRAGMA user_version = ${makeUnusedMark()}`);
      await database.raw('PRAGMA wal_checkpoint(TRUNCATE)');
      await end();
      await draft.placeAs(file);
    },
  };
}

/**
 * A file that is made as a draft beside its place and put there when it is whole; `option` is that of the command which names
 * it. Throws DatabaseProblem.
 */
export async function openSqliteTarget(file: string, option: string): Promise<MoveTarget> {
  await makeFolder(dirname(file), option);
  const held = await lockDatabase(file, { option });
  let draft: Draft | undefined;
  let database: Database | undefined;
  const end = async () => {
    const open = database;
    database = undefined;
    await open?.destroy();
  };
  const close = async () => {
    await end();
    await draft?.discard();
    await held.release();
  };
  try {
    await refuseExisting(file);
    draft = await beginDraft(`${file}.new`);
    database = openNew(draft.file);
    await makeTables(database);
    return { ...targetOf(file, draft, database, end), close };
  } catch (error) {
    await close();
    throw error;
  }
}
