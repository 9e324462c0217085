import type { Knex } from 'knex';
import type { Database, Transaction } from '../../connect.js';
import { columnsOfPayments } from '../../payment-columns.js';
import { tableNames, tables } from '../../tables.js';
import { batchFunction, paymentFunction } from '../batch-function.js';
import * as books from '../migrations/001-books.js';
import * as secondFactors from '../migrations/002-second-factors.js';
import * as auditedRights from '../migrations/003-audited-rights.js';
import * as severalWriters from '../migrations/004-several-writers.js';
import * as collections from '../migrations/006-collections.js';
import * as followers from '../migrations/007-followers.js';
import * as references from '../migrations/008-references.js';
import * as receipts from '../migrations/009-receipts.js';
import { ownSchema } from '../own-schema.js';

interface Migration {
  readonly name: string;
  readonly up: (knex: Knex) => Promise<void>;
}

const migrations: readonly Migration[] = [
  books,
  secondFactors,
  auditedRights,
  severalWriters,
  collections,
  followers,
  references,
  receipts,
];

const newest = receipts.name;

const sourceOf = (known: readonly Migration[]): Knex.MigrationSource<Migration> => ({
  getMigrations: async () => [...known],
  getMigrationName: (migration) => migration.name,
  // There is no way down: a payment is never unwritten.
  getMigration: async (migration) => ({ up: migration.up, down: async () => {} }),
});

/** Migrations of the database that this program does not know: it was made by a newer one. */
export const unknownPostgresMigrations = (applied: readonly string[]): readonly string[] =>
  applied.filter((name) => !migrations.some((migration) => migration.name === name));

/** Migrations of this program that the database has not seen. */
export const pendingPostgresMigrations = (applied: readonly string[]): readonly string[] =>
  migrations.map(({ name }) => name).filter((name) => !applied.includes(name));

/** The types of the columns of our tables, those of domains as what they are of. */
const columnTypes = `
  select c.relname as table, a.attname as column, format_type(coalesce(nullif(t.typbasetype, 0), t.oid), null) as type
  from pg_class as c join pg_attribute as a on a.attrelid = c.oid join pg_type as t on t.oid = a.atttypid
  where c.relnamespace = ${ownSchema} and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped`;

interface ColumnType {
  readonly table: string;
  readonly column: string;
  readonly type: string;
}

/** Makes the functions that write batches as this program's tables are. */
export async function makeBatchFunctions(database: Database | Transaction): Promise<void> {
  const written = tableNames.map((name) => ({ name, ...tables[name] }));
  await database.raw(batchFunction(written));
  const rows: readonly ColumnType[] = await database.raw(columnTypes);
  const types = new Map(rows.map(({ table, column, type }) => [`${table}.${column}`, type]));
  await database.raw(
    paymentFunction(written, columnsOfPayments, (table, column) => types.get(`${table}.${column}`) ?? 'text'),
  );
}

/** Makes the whole schema where nothing is, without a record of its migrations. */
export async function makeSchema(trx: Transaction): Promise<void> {
  for (const { up } of migrations) {
    await up(trx);
  }
  await makeBatchFunctions(trx);
}

/**
 * Brings the schema to where the migration of this name leaves it, or up to date. The caller holds the lock of the schema, so one
 * that a killed migration left behind is void.
 */
export async function migratePostgres(database: Database, last = newest): Promise<void> {
  const known = migrations.slice(0, migrations.findIndex(({ name }) => name === last) + 1);
  const config = { migrationSource: sourceOf(known), tableName: 'migrations' };
  await database.migrate.forceFreeMigrationsLock(config);
  await database.migrate.latest(config);
  await makeBatchFunctions(database);
}
