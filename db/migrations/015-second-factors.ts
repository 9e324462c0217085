import type { Knex } from 'knex';
import { makeBatchViews } from '../batch-view.js';
import { enumColumn, integerColumn, microsColumn } from './columns.js';

export const name = '015-second-factors';

const maxSafe = Number.MAX_SAFE_INTEGER;

/** What users show besides their password: a row for each who has, or had, a second factor. */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('second_factors', (table) => {
    table.specificType('user_id', 'integer not null primary key references users (id)');
    enumColumn(table, 'status', ['pending', 'on', 'off']).notNullable();
    table.text('secret');
    integerColumn(table, 'last_step', { min: 0, max: maxSafe }).notNullable();
    integerColumn(table, 'above', { min: 1, max: maxSafe });
    table.text('recovery').notNullable();
    microsColumn(table, 'since').notNullable();
    table.check("(secret is null) = (status = 'off')");
  });
  await makeBatchViews(knex);
}
