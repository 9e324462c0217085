import type { Knex } from 'knex';
import {
  currencyColumn,
  enumColumn,
  microsColumn,
  numberedKey,
  referenceColumn,
  signedAmountColumn,
} from './columns.js';

export const name = '001-users';

/** Users, and the accounts of users and of the system. */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('users', (table) => {
    numberedKey(table);
    table.string('username', 100).notNullable();
    table.string('username_key', 100).notNullable().unique();
    table.string('email', 254).notNullable();
    table.string('email_key', 254).notNullable();
    table.string('display_name', 100);
    table.text('display_name_folded');
    table.string('password_hash').notNullable();
    enumColumn(table, 'role', ['user', 'admin']).notNullable();
    enumColumn(table, 'status', ['active', 'frozen']).notNullable();
    currencyColumn(table, 'currency').notNullable();
    // Until when a one-time password opens its own change; null where the password is the user's own.
    microsColumn(table, 'one_time_until');
    microsColumn(table, 'created_at').notNullable();
    table.index(['role', 'id']);
    table.index(['status', 'id']);
    table.check('length(username) between 1 and 100');
    // A path is not sent with a name of full stops alone in it: clients take it for the folder or the one above.
    table.check("trim(username, '.') <> ''");
    table.check('username_key = lower(username)');
    table.check('email_key = lower(email)');
    table.check('id > 0');
  });
  await knex.schema.createTable('accounts', (table) => {
    numberedKey(table);
    enumColumn(table, 'kind', ['customer', 'issuance', 'exchange']).notNullable();
    referenceColumn(table, 'user_id', 'users').unique();
    currencyColumn(table, 'currency').notNullable();
    signedAmountColumn(table, 'balance').notNullable();
    table.check("(kind = 'customer') = (user_id is not null)");
    // The accounts of the system have numbers below zero, made from the code of their currency.
    table.check("(kind = 'customer') = (id > 0)");
    table.check("kind <> 'customer' or balance >= 0");
    table.check("kind <> 'issuance' or balance <= 0");
  });
  await knex.raw(
    'create unique index accounts_one_of_the_system on accounts (kind, currency) where user_id is null',
  );
}
