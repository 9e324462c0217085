import type { Knex } from 'knex';
import type { Database } from './connect.js';
import * as users from './migrations/001-users.js';
import * as accounts from './migrations/002-accounts.js';
import * as payments from './migrations/003-payments.js';
import * as entries from './migrations/004-entries.js';
import * as sessions from './migrations/005-sessions.js';
import * as tokens from './migrations/006-tokens.js';
import * as idempotencyKeys from './migrations/007-idempotency-keys.js';
import * as requests from './migrations/008-requests.js';
import * as blocks from './migrations/009-blocks.js';
import * as paymentLookUps from './migrations/010-payment-look-ups.js';
import * as events from './migrations/011-events.js';
import * as webhooks from './migrations/012-webhooks.js';
import * as chainHeads from './migrations/013-chain-heads.js';
import * as audit from './migrations/014-audit.js';
import * as userLookUps from './migrations/015-user-look-ups.js';
import * as limits from './migrations/016-limits.js';

interface Migration {
  readonly name: string;
  readonly up: (knex: Knex) => Promise<void>;
}

const migrations: readonly Migration[] = [
  users,
  accounts,
  payments,
  entries,
  sessions,
  tokens,
  idempotencyKeys,
  requests,
  blocks,
  paymentLookUps,
  events,
  webhooks,
  chainHeads,
  audit,
  userLookUps,
  limits,
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
