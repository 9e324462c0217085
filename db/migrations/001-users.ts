import type { Knex } from 'knex';
import { booleanColumn, currencyColumn, enumColumn, microsColumn } from '../columns.js';

export const name = '001-users';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('users', (table) => {
    table.string('id').notNullable().primary();
    table.string('username', 100).notNullable();
    table.string('username_key', 100).notNullable().unique();
    table.string('email', 254).notNullable();
    table.string('email_key', 254).notNullable().unique();
    table.string('display_name', 100);
    table.string('password_hash').notNullable();
    enumColumn(table, 'role', ['user', 'admin']).notNullable();
    enumColumn(table, 'status', ['active', 'frozen']).notNullable();
    currencyColumn(table, 'currency').notNullable();
    booleanColumn(table, 'must_change_password').notNullable();
    microsColumn(table, 'created_at').notNullable();
    table.check('length(username) between 1 and 100');
    table.check('username_key = lower(username)');
    table.check('email_key = lower(email)');
  });
}
