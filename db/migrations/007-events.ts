import type { Knex } from 'knex';
import { makeAppendOnly } from './append-only.js';
import { integerColumn, microsColumn, referenceColumn } from './columns.js';
import { createWithoutRowid } from './without-rowid.js';

export const name = '007-events';

const maxSafe = Number.MAX_SAFE_INTEGER;

export async function up(knex: Knex): Promise<void> {
  await createWithoutRowid(knex, 'events', (table) => {
    referenceColumn(table, 'user_id', 'users').notNullable();
    integerColumn(table, 'id', { min: 1, max: maxSafe }).notNullable();
    table.string('type').notNullable();
    microsColumn(table, 'at').notNullable();
    // What it says of a payment is read from the payment, which never changes.
    referenceColumn(table, 'payment_id', 'payments');
    table.text('data');
    table.primary(['user_id', 'id']);
    table.check('(data is null) = (payment_id is not null)');
  });
  await makeAppendOnly(knex, 'events');
  await knex.schema.createTable('inboxes', (table) => {
    table.specificType('user_id', 'integer not null primary key references users (id)');
    integerColumn(table, 'read_up_to', { min: 1, max: maxSafe }).notNullable();
  });
}
