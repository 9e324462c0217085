import { DatabaseProblem } from '../../files/database-problem.js';
import { name as books } from '../migrations/001-books.js';
import { name as references } from '../migrations/008-references.js';
import { appendOnlyTables, appendOnlyTrigger } from '../migrations/append-only.js';
import {
  checkedTables,
  keptTables,
  numberTrigger,
  referenceTrigger,
  removalTrigger,
} from '../migrations/references.js';
import { ownSchema } from '../own-schema.js';
import { shownPlace } from '../place.js';
import { pendingPostgresMigrations, unknownPostgresMigrations } from './postgres-migrations.js';

/** A connection, or a snapshot that one holds open. */
interface Source {
  raw(sql: string): PromiseLike<readonly Record<string, unknown>[]>;
}

const namesOf = (rows: readonly Record<string, unknown>[]) => rows.map(({ name }) => String(name));

const selectTables = `
  select c.relname as name from pg_class as c
  where c.relnamespace = ${ownSchema} and c.relkind in ('r', 'p', 'v', 'm', 'f') order by c.relname`;

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
      `${place} is used by something else than pay: it has the table ${tables[0]}. Nothing was changed. Make a database for pay alone (create database pay) and name that.`,
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
      `There are no books in ${shownPlace(url)} yet. Start the server on it once, or name another.`,
    );
  }
  return pendingPostgresMigrations(applied);
}

const selectTriggers = `
  select t.tgname as name from pg_trigger as t join pg_class as c on c.oid = t.tgrelid
  where c.relnamespace = ${ownSchema} and not t.tgisinternal and t.tgenabled in ('O', 'A')`;

interface Guard {
  /** The migration that makes it. */
  readonly since: string;
  readonly trigger: string;
  /** What it does, after "the trigger that". */
  readonly does: string;
  readonly statement: string;
}

/** The triggers without which the books are not what they promise; their owner can switch them off, unlike a constraint. */
const guards: readonly Guard[] = [
  ...appendOnlyTables.map((table) => ({
    since: books,
    trigger: `${table}_append_only`,
    does: `keeps ${table} append-only`,
    statement: appendOnlyTrigger(table),
  })),
  ...checkedTables.map((table) => ({
    since: references,
    trigger: `${table}_references`,
    does: `looks whether what ${table} name is there`,
    statement: referenceTrigger(table),
  })),
  ...keptTables.flatMap((table) => [
    {
      since: references,
      trigger: `${table}_refuse_delete`,
      does: `keeps ${table} from removal`,
      statement: removalTrigger(table),
    },
    {
      since: references,
      trigger: `${table}_refuse_renumbering`,
      does: `keeps the numbers of ${table}`,
      statement: numberTrigger(table),
    },
  ]),
];

/** Throws DatabaseProblem where a trigger that guards the books is not in place; those of migrations that are to come need not be. */
export async function inspectTriggers(
  database: Source,
  url: string,
  pending: readonly string[] = [],
): Promise<void> {
  const present = namesOf(await database.raw(selectTriggers));
  for (const { since, trigger, does, statement } of guards) {
    if (!pending.includes(since) && !present.includes(trigger)) {
      throw new DatabaseProblem(
        `${shownPlace(url)} is damaged: the trigger that ${does} is missing or disabled. ` +
          `Nothing was changed. Find out who removed it and check the books (pay-server check); then make it again: ${statement}`,
      );
    }
  }
}
