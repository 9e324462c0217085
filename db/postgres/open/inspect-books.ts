import { DatabaseProblem } from '../../files/database-problem.js';
import { appendOnlyTables, appendOnlyTrigger } from '../migrations/append-only.js';
import { shownPlace } from '../place.js';
import { pendingPostgresMigrations, unknownPostgresMigrations } from './postgres-migrations.js';

/** A connection, or a snapshot that one holds open. */
interface Source {
  raw(sql: string): PromiseLike<readonly Record<string, unknown>[]>;
}

const namesOf = (rows: readonly Record<string, unknown>[]) => rows.map(({ name }) => String(name));

const selectTables = `
  select c.relname as name from pg_class as c
  where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'f') order by c.relname`;

/** The migrations that the database has seen; undefined where it is empty. Throws DatabaseProblem where others have tables in it, or a newer version has made it. */
export async function readAppliedMigrations(
  database: Source,
  url: string,
): Promise<readonly string[] | undefined> {
  const tables = namesOf(await database.raw(selectTables));
  const place = shownPlace(url);
  if (tables.length === 0) {
    return undefined;
  }
  if (!(tables.includes('migrations') && tables.includes('chain_heads'))) {
    // What a first start that was killed has made: knex's own tables, with nothing in them yet.
    if (tables.every((name) => name === 'migrations' || name === 'migrations_lock')) {
      return undefined;
    }
    throw new DatabaseProblem(
      `${place} is used by something else than pay: it has the table ${tables[0]}. Nothing was changed. Make a database for pay alone (create database pay) and name that in PAY_DATABASE_URL.`,
    );
  }
  const applied = namesOf(await database.raw('select name from migrations order by id'));
  const unknown = unknownPostgresMigrations(applied);
  if (unknown.length > 0) {
    throw new DatabaseProblem(
      `${place} was made by a newer version of pay (it has ${unknown.join(', ')}, which this one does not know). ` +
        'Nothing was changed. Start the newer version, or restore a backup from before the upgrade.',
    );
  }
  return applied;
}

/** The migrations that the books there have yet to see. Throws DatabaseProblem where there are none. */
export async function pendingIn(database: Source, url: string): Promise<readonly string[]> {
  const applied = await readAppliedMigrations(database, url);
  if (applied === undefined) {
    throw new DatabaseProblem(
      `There are no books in ${shownPlace(url)} yet. Start the server on it once, or name another in PAY_DATABASE_URL.`,
    );
  }
  return pendingPostgresMigrations(applied);
}

const selectTriggers = `
  select t.tgname as name from pg_trigger as t join pg_class as c on c.oid = t.tgrelid
  where c.relnamespace = current_schema()::regnamespace and not t.tgisinternal and t.tgenabled in ('O', 'A')`;

/** Throws DatabaseProblem where a trigger that keeps the books append-only is not in place. */
export async function inspectTriggers(database: Source, url: string): Promise<void> {
  const present = namesOf(await database.raw(selectTriggers));
  for (const table of appendOnlyTables) {
    if (!present.includes(`${table}_append_only`)) {
      throw new DatabaseProblem(
        `${shownPlace(url)} is damaged: the trigger that keeps ${table} append-only is missing or disabled. ` +
          `Nothing was changed. Find out who removed it and check the books (pay-server check); then make it again: ${appendOnlyTrigger(table)}`,
      );
    }
  }
}
