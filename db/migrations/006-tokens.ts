import type { Knex } from 'knex';
import { microsColumn, sha256Column } from '../columns.js';

export const name = '006-tokens';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('tokens', (table) => {
    table.string('id').notNullable().primary();
    table.string('user_id').notNullable().references('id').inTable('users');
    table.string('name', 100).notNullable();
    table.string('scopes').notNullable();
    sha256Column(table, 'token_hash').notNullable().unique();
    microsColumn(table, 'created_at').notNullable();
    microsColumn(table, 'expires_at').notNullable();
    microsColumn(table, 'revoked_at');
    table.index(['user_id', 'id']);
    table.check('expires_at > created_at');
  });
}
