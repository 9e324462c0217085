import { randomBytes } from 'node:crypto';
import { openMaker } from '../../connect.js';
import { DatabaseProblem } from '../../files/database-problem.js';
import { notWritable } from '../cluster/cluster.js';
import { checkedTables, referencesOf } from '../migrations/references.js';
import { ownSchema, ownSchemaName } from '../own-schema.js';
import { shownPlace } from '../place.js';
import { PostgresError } from '../postgres-error.js';
import { makeSchema } from './postgres-migrations.js';

/** A connection, or a snapshot that one holds open. */
interface Source {
  raw<Row = Record<string, unknown>>(sql: string): PromiseLike<readonly Row[]>;
}

interface SchemaObject {
  readonly name: string;
  readonly definition: string;
}

/** Whatever the schema is called: its name stands in definitions where PostgreSQL writes them out in full. */
const withoutSchema = (definition: string) => `replace(${definition}, ${ownSchemaName} || '.', '')`;

const ours = `c.relnamespace = ${ownSchema} and c.relname not in ('migrations', 'migrations_lock')`;

/** Columns, constraints, indexes, triggers, domains and functions, each with all that it says. */
const objects = `
  select 'the column ' || c.relname || '.' || a.attname as name,
    concat_ws(' ', ${withoutSchema('format_type(a.atttypid, a.atttypmod)')}, a.attnotnull, co.collname) as definition
  from pg_class as c join pg_attribute as a on a.attrelid = c.oid left join pg_collation as co on co.oid = a.attcollation
  where ${ours} and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped
  union all
  select 'the constraint ' || k.conname || ' of ' || c.relname,
    concat_ws(' ', ${withoutSchema('pg_get_constraintdef(k.oid)')}, k.convalidated)
  from pg_constraint as k join pg_class as c on c.oid = k.conrelid
  where ${ours} and k.contype <> 'n'
  union all
  select 'the domain ' || t.typname || ' ' || coalesce(k.conname, ''),
    concat_ws(' ', format_type(t.typbasetype, t.typtypmod), pg_get_constraintdef(k.oid), k.convalidated)
  from pg_type as t left join pg_constraint as k on k.contypid = t.oid
  where t.typnamespace = ${ownSchema} and t.typtype = 'd'
  union all
  select 'the index ' || i.relname,
    concat_ws(' ', ${withoutSchema('pg_get_indexdef(x.indexrelid)')}, x.indisvalid)
  from pg_index as x join pg_class as i on i.oid = x.indexrelid join pg_class as c on c.oid = x.indrelid
  where ${ours} and c.relkind = 'r'
  union all
  select 'the trigger ' || t.tgname || ' of ' || c.relname,
    concat_ws(' ', ${withoutSchema('pg_get_triggerdef(t.oid)')}, t.tgenabled)
  from pg_trigger as t join pg_class as c on c.oid = t.tgrelid
  where ${ours} and not t.tgisinternal
  union all
  select 'a reference of ' || c.relname, 'enforced ' || bool_and(t.tgenabled = 'O')
  from pg_trigger as t join pg_class as c on c.oid = t.tgrelid
  where ${ours} and t.tgisinternal group by c.relname
  union all
  select 'the function ' || p.proname, ${withoutSchema('pg_get_functiondef(p.oid)')}
  from pg_proc as p where p.pronamespace = ${ownSchema} and p.prokind = 'f'
    and not exists (select 1 from pg_depend as d where d.objid = p.oid and d.deptype = 'e')
  union all
  select 'the ' || case c.relkind when 'v' then 'view ' when 'r' then 'table ' else 'relation ' end || c.relname, ''
  from pg_class as c where ${ours} and c.relkind in ('r', 'v', 'm', 'p', 'f')`;

/** What is said of a database in which the schema to compare with cannot be made; any other error as it is. */
const unmade = (url: string, error: unknown): unknown =>
  error instanceof PostgresError && error.code === notWritable
    ? new DatabaseProblem(
        `${shownPlace(url)} cannot be checked: for that the schema as it should be is made there for a moment, and it is a standby, or set to be read only. Name the primary in its URL.`,
        { cause: error },
      )
    : error;

/**
 * The schema as the migrations of this program make it, in one of its own that is gone before anybody sees it. Throws
 * DatabaseProblem where nothing can be made.
 */
async function expectedSchema(url: string): Promise<readonly SchemaObject[]> {
  const database = openMaker(url);
  try {
    const trx = await database.transaction();
    try {
      const scratch = `pay_expected_${randomBytes(6).toString('hex')}`;
      await trx.raw(`create schema ${scratch}`);
      await trx.raw(`set local search_path to ${scratch}`);
      await makeSchema(trx);
      return await trx.raw<readonly SchemaObject[]>(objects);
    } catch (error) {
      throw unmade(url, error);
    } finally {
      await trx.rollback();
    }
  } finally {
    await database.destroy();
  }
}

/** What is said of triggers that are all there, where none of them fires. */
const switchedOff =
  'what refuses to change payments and keeps references is switched off (session_replication_role=replica); set it back: alter database … (or role …) reset session_replication_role';

/** How the schema differs from the one that the migrations make: what is missing, changed, disabled or not ours, a sentence each. */
export async function postgresSchemaProblems(snapshot: Source, url: string): Promise<readonly string[]> {
  const expected = await expectedSchema(url);
  const [session] = await snapshot.raw<{ role: string }>(
    "select current_setting('session_replication_role') as role",
  );
  const actual = await snapshot.raw<SchemaObject>(objects);
  const found = new Map(actual.map(({ name, definition }) => [name, definition]));
  const known = new Set(expected.map(({ name }) => name));
  const unlike = expected.flatMap(({ name, definition }) => {
    if (!found.has(name)) {
      return [`${name} is missing`];
    }
    return found.get(name) === definition ? [] : [`${name} is not as it was made`];
  });
  return [
    ...(session?.role === 'replica' ? [switchedOff] : []),
    ...unlike,
    ...actual.filter(({ name }) => !known.has(name)).map(({ name }) => `${name} is not one of ours`),
  ];
}

interface Reference {
  readonly table: string;
  readonly column: string;
  readonly parent: string;
  readonly key: string;
}

/** Those that a constraint keeps. */
const references = `
  select c.relname as table, a.attname as column, p.relname as parent, b.attname as key
  from pg_constraint as k join pg_class as c on c.oid = k.conrelid join pg_class as p on p.oid = k.confrelid
    join pg_attribute as a on a.attrelid = c.oid and a.attnum = k.conkey[1]
    join pg_attribute as b on b.attrelid = p.oid and b.attnum = k.confkey[1]
  where ${ours} and k.contype = 'f' order by c.relname, a.attname`;

/** Those that a trigger keeps. */
const checked: readonly Reference[] = checkedTables.flatMap((table) =>
  referencesOf(table).map(([column, parent]) => ({ table, column, parent, key: 'id' })),
);

/** Rows that name one of another table that is not there, as somebody leaves them who has switched the constraints off; those of `except` are left out. */
export async function postgresReferenceProblems(
  snapshot: Source,
  except: readonly string[],
): Promise<readonly string[]> {
  const problems: string[] = [];
  const constraints = await snapshot.raw<Reference>(references);
  for (const { table, column, parent, key } of [...constraints, ...checked]) {
    if (except.includes(table)) {
      continue;
    }
    const [found] = await snapshot.raw<{ rows: number }>(
      `select count(*) as rows from "${table}" as t left join "${parent}" as p on p."${key}" = t."${column}" where t."${column}" is not null and p."${key}" is null`,
    );
    const rows = found?.rows ?? 0;
    if (rows > 0) {
      problems.push(
        `${rows} ${rows === 1 ? 'row' : 'rows'} of ${table} name a row of ${parent} that is not there`,
      );
    }
  }
  return problems;
}
