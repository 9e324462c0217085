import type { Knex } from 'knex';
import { makeAppendOnly } from '../append-only.js';
import {
  amountColumn,
  currencyColumn,
  enumColumn,
  integerColumn,
  microsColumn,
  sha256Column,
} from '../columns.js';

export const name = '003-payments';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('payments', (table) => {
    table.string('id').notNullable().primary();
    integerColumn(table, 'chain', { min: 1, max: 32767 }).notNullable();
    integerColumn(table, 'position', { min: 1, max: Number.MAX_SAFE_INTEGER }).notNullable();
    enumColumn(table, 'kind', [
      'opening_credit',
      'transfer',
      'request',
      'refund',
      'adjustment',
    ]).notNullable();
    table.string('from_user_id').references('id').inTable('users');
    table.string('to_user_id').references('id').inTable('users');
    amountColumn(table, 'sent_amount').notNullable();
    currencyColumn(table, 'sent_currency').notNullable();
    amountColumn(table, 'received_amount').notNullable();
    currencyColumn(table, 'received_currency').notNullable();
    table.string('rate').notNullable();
    table.text('memo');
    table.text('memo_folded');
    table.string('request_id');
    table.string('refund_of').references('id').inTable('payments');
    microsColumn(table, 'created_at').notNullable();
    sha256Column(table, 'previous_hash').notNullable();
    sha256Column(table, 'hash').notNullable();
    table.unique(['chain', 'position']);
    table.check('from_user_id is not null or to_user_id is not null');
    table.check('from_user_id is null or to_user_id is null or from_user_id <> to_user_id');
    table.check('(memo is null) = (memo_folded is null)');
    table.check("(kind = 'refund') = (refund_of is not null)");
    table.check("(kind = 'request') = (request_id is not null)");
  });
  await makeAppendOnly(knex, 'payments');
}
