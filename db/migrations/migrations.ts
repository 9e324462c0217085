import type { Knex } from 'knex';
import type { Database } from '../connect.js';
import * as users from './001-users.js';
import * as payments from './002-payments.js';
import * as credentials from './003-credentials.js';
import * as idempotencyKeys from './004-idempotency-keys.js';
import * as requests from './005-requests.js';
import * as blocks from './006-blocks.js';
import * as events from './007-events.js';
import * as webhooks from './008-webhooks.js';
import * as limits from './009-limits.js';
import * as audit from './010-audit.js';
import * as batches from './011-batches.js';
import * as useOfCredentials from './012-use-of-credentials.js';
import * as webhookCredentials from './013-webhook-credentials.js';
import * as guesses from './014-guesses.js';
import * as secondFactors from './015-second-factors.js';
import * as auditedRights from './016-audited-rights.js';
import * as collections from './021-collections.js';
import * as paymentBatches from './022-payment-batches.js';
import * as receipts from './023-receipts.js';

interface Migration {
  readonly name: string;
  readonly up: (knex: Knex) => Promise<void>;
}

const migrations: readonly Migration[] = [
  users,
  payments,
  credentials,
  idempotencyKeys,
  requests,
  blocks,
  events,
  webhooks,
  limits,
  audit,
  batches,
  useOfCredentials,
  webhookCredentials,
  guesses,
  secondFactors,
  auditedRights,
  collections,
  paymentBatches,
  receipts,
];

const source: Knex.MigrationSource<Migration> = {
  getMigrations: async () => [...migrations],
  getMigrationName: (migration) => migration.name,
  // There is no way down: a payment is never unwritten.
  getMigration: async (migration) => ({ up: migration.up, down: async () => {} }),
};

const table = 'migrations';

/** Migrations of the database that this program does not know: it was made by a newer one. */
export function unknownMigrations(applied: readonly string[]): readonly string[] {
  return applied.filter((name) => !migrations.some((migration) => migration.name === name));
}

/** Migrations of this program that the database has not seen. */
export function pendingMigrations(applied: readonly string[]): readonly string[] {
  return migrations.map((migration) => migration.name).filter((name) => !applied.includes(name));
}

/** Brings the schema up to date. The caller holds the data folder's lock, so one that a killed migration left behind is void. */
export async function migrate(database: Database): Promise<void> {
  const config = { migrationSource: source, tableName: table };
  await database.migrate.forceFreeMigrationsLock(config);
  await database.migrate.latest(config);
}
