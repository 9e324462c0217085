import type { Knex } from 'knex';
import { makeAppendOnly } from './append-only.js';
import { integerColumn, microsColumn, numberedKey, referenceColumn, sha256Column } from './columns.js';

export const name = '010-audit';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('audit', (table) => {
    numberedKey(table);
    integerColumn(table, 'chain', { min: 1, max: 32767 }).notNullable();
    integerColumn(table, 'position', { min: 1, max: Number.MAX_SAFE_INTEGER }).notNullable();
    microsColumn(table, 'at').notNullable();
    referenceColumn(table, 'actor_id', 'users');
    table.string('action').notNullable();
    table.string('subject');
    table.string('address').notNullable();
    table.string('request_id').notNullable();
    table.text('reason');
    table.text('before');
    table.text('after');
    sha256Column(table, 'hash').notNullable();
    table.unique(['chain', 'position']);
    table.index(['actor_id', 'id']);
    table.index(['action', 'id']);
    table.index(['subject', 'id']);
  });
  await makeAppendOnly(knex, 'audit');
}
