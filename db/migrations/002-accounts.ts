import type { Knex } from 'knex';
import { currencyColumn, enumColumn, signedAmountColumn } from '../columns.js';

export const name = '002-accounts';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('accounts', (table) => {
    table.string('id').notNullable().primary();
    enumColumn(table, 'kind', ['customer', 'issuance', 'exchange']).notNullable();
    table.string('user_id').unique().references('id').inTable('users');
    currencyColumn(table, 'currency').notNullable();
    signedAmountColumn(table, 'balance').notNullable();
    table.check("(kind = 'customer') = (user_id is not null)");
    table.check("kind <> 'customer' or balance >= 0");
    table.check("kind <> 'issuance' or balance <= 0");
  });
  await knex.raw(
    'create unique index accounts_one_of_the_system on accounts (kind, currency) where user_id is null',
  );
}
