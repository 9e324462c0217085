import type { Knex } from 'knex';
import { makeAppendOnly } from '../append-only.js';
import { integerColumn, signedAmountColumn } from '../columns.js';

export const name = '004-entries';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('entries', (table) => {
    table.string('payment_id').notNullable().references('id').inTable('payments');
    integerColumn(table, 'line', { min: 1, max: 32767 }).notNullable();
    table.string('account_id').notNullable().references('id').inTable('accounts');
    signedAmountColumn(table, 'amount').notNullable();
    signedAmountColumn(table, 'balance_after').notNullable();
    table.primary(['payment_id', 'line']);
    table.index(['account_id', 'payment_id']);
    table.check('amount <> 0');
  });
  await makeAppendOnly(knex, 'entries');
}
