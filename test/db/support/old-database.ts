import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Knex } from 'knex';
import { openNew } from '../../../db/connect.js';
import { applicationId } from '../../../db/open/inspect.js';

interface Migration {
  readonly name: string;
  readonly up: (knex: Knex) => Promise<void>;
}

const folder = join(import.meta.dirname, '../../../db/migrations');

async function firstMigrations(count: number): Promise<readonly Migration[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.js')).sort();
  return Promise.all(files.slice(0, count).map((file) => import(join(folder, file))));
}

/** A database as a version of the program left it that knew the first `count` migrations only, with so many users in it. */
export async function makeOldDatabase(file: string, count: number, users: number): Promise<void> {
  const migrations = await firstMigrations(count);
  const database = openNew(file);
  await database.raw(`PRAGMA application_id = ${applicationId}`);
  await database.migrate.latest({
    tableName: 'migrations',
    migrationSource: {
      getMigrations: async () => [...migrations],
      getMigrationName: (migration: Migration) => migration.name,
      getMigration: async (migration: Migration) => ({ up: migration.up, down: async () => {} }),
    },
  });
  await database.raw(
    `with recursive n (i) as (select 1 union all select i + 1 from n where i < ?)
     insert into users (id, username, username_key, email, email_key, password_hash, role, status, currency, created_at)
     select i, 'user' || i, 'user' || i, i || '@example.org', i || '@example.org', 'none', 'user', 'active', 'GBP', i from n`,
    [users],
  );
  await database.destroy();
}
