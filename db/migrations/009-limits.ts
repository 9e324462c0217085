import type { Knex } from 'knex';
import { amountColumn, currencyColumn, referenceColumn } from './columns.js';

export const name = '009-limits';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('limits', (table) => {
    table.string('subject').notNullable().primary();
    referenceColumn(table, 'user_id', 'users').unique();
    currencyColumn(table, 'currency').notNullable();
    amountColumn(table, 'per_payment');
    amountColumn(table, 'per_day');
    table.check('(user_id is null) = (subject = currency)');
  });
}
