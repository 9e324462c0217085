import type { Knex } from 'knex';
import { microsColumn, sha256Column } from '../columns.js';

export const name = '005-sessions';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('sessions', (table) => {
    table.string('id').notNullable().primary();
    table.string('user_id').notNullable().references('id').inTable('users');
    sha256Column(table, 'token_hash').notNullable().unique();
    microsColumn(table, 'created_at').notNullable();
    microsColumn(table, 'expires_at').notNullable();
    microsColumn(table, 'ended_at');
    table.index(['user_id']);
    table.check('expires_at > created_at');
  });
}
