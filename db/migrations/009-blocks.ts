import type { Knex } from 'knex';
import { microsColumn } from '../columns.js';

export const name = '009-blocks';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('blocks', (table) => {
    table.string('blocker_id').notNullable().references('id').inTable('users');
    table.string('blocked_id').notNullable().references('id').inTable('users');
    microsColumn(table, 'created_at').notNullable();
    microsColumn(table, 'ended_at');
    table.primary(['blocker_id', 'blocked_id']);
    table.check('blocker_id <> blocked_id');
  });
}
