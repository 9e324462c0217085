import type { Knex } from 'knex';
import { microsColumn, referenceColumn } from './columns.js';
import { createWithoutRowid } from './without-rowid.js';

export const name = '006-blocks';

export async function up(knex: Knex): Promise<void> {
  await createWithoutRowid(knex, 'blocks', (table) => {
    referenceColumn(table, 'blocker_id', 'users').notNullable();
    referenceColumn(table, 'blocked_id', 'users').notNullable();
    microsColumn(table, 'created_at').notNullable();
    microsColumn(table, 'ended_at');
    table.primary(['blocker_id', 'blocked_id']);
    table.check('blocker_id <> blocked_id');
  });
}
