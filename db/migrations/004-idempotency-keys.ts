import type { Knex } from 'knex';
import { makeAppendOnly } from './append-only.js';
import { integerColumn, microsColumn, referenceColumn, sha256Column } from './columns.js';
import { createWithoutRowid } from './without-rowid.js';

export const name = '004-idempotency-keys';

export async function up(knex: Knex): Promise<void> {
  await createWithoutRowid(knex, 'idempotency_keys', (table) => {
    referenceColumn(table, 'user_id', 'users').notNullable();
    table.string('key', 255).notNullable();
    table.string('rule').notNullable();
    sha256Column(table, 'input_hash').notNullable();
    integerColumn(table, 'status', { min: 200, max: 499 }).notNullable();
    table.text('answer');
    table.string('location');
    // The payment that the answer is, or the first of those that it tells of: they are not written twice.
    referenceColumn(table, 'payment_id', 'payments');
    microsColumn(table, 'created_at').notNullable();
    table.primary(['user_id', 'key']);
    table.check('length(key) between 1 and 255');
    table.check('answer is not null or payment_id is not null');
  });
  await makeAppendOnly(knex, 'idempotency_keys');
}
