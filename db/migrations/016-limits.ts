import type { Knex } from 'knex';
import { amountColumn, currencyColumn } from '../columns.js';

export const name = '016-limits';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('limits', (table) => {
    table.string('subject').notNullable().primary();
    table.string('user_id').references('id').inTable('users');
    currencyColumn(table, 'currency').notNullable();
    amountColumn(table, 'per_payment');
    amountColumn(table, 'per_day');
    table.check('subject = coalesce(user_id, currency)');
  });
  // What a user has paid within a day is summed from the index alone. It finds what was paid to somebody within the
  // last minutes, too, so it takes the place of the index for that.
  await knex.raw(
    'create index payments_paid on payments (from_user_id, kind, created_at, to_user_id, sent_amount)',
  );
  await knex.raw('drop index payments_between');
}
