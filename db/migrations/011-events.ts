import type { Knex } from 'knex';
import { makeAppendOnly } from '../append-only.js';
import { microsColumn } from '../columns.js';

export const name = '011-events';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('events', (table) => {
    table.string('id').notNullable().primary();
    table.string('user_id').notNullable().references('id').inTable('users');
    table.string('type').notNullable();
    microsColumn(table, 'at').notNullable();
    table.text('data').notNullable();
    table.index(['user_id', 'id']);
  });
  await makeAppendOnly(knex, 'events');
  await knex.schema.createTable('inboxes', (table) => {
    table.string('user_id').notNullable().primary().references('id').inTable('users');
    table.string('read_up_to').notNullable();
  });
}
