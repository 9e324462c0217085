import type { Knex } from 'knex';
import { makeAppendOnly } from '../append-only.js';
import { integerColumn, microsColumn, sha256Column } from '../columns.js';

export const name = '007-idempotency-keys';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('idempotency_keys', (table) => {
    table.string('user_id').notNullable().references('id').inTable('users');
    table.string('key', 255).notNullable();
    table.string('rule').notNullable();
    sha256Column(table, 'input_hash').notNullable();
    integerColumn(table, 'status', { min: 200, max: 499 }).notNullable();
    table.text('answer').notNullable();
    table.string('location');
    microsColumn(table, 'created_at').notNullable();
    table.primary(['user_id', 'key']);
    table.check('length(key) between 1 and 255');
  });
  await makeAppendOnly(knex, 'idempotency_keys');
}
