import type { Knex } from 'knex';
import { makeAppendOnly } from '../append-only.js';
import { integerColumn, microsColumn, sha256Column } from '../columns.js';

export const name = '014-audit';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('audit', (table) => {
    table.string('id').notNullable().primary();
    integerColumn(table, 'chain', { min: 1, max: 32767 }).notNullable();
    integerColumn(table, 'position', { min: 1, max: Number.MAX_SAFE_INTEGER }).notNullable();
    microsColumn(table, 'at').notNullable();
    table.string('actor_id').references('id').inTable('users');
    table.string('action').notNullable();
    table.string('subject');
    table.string('address').notNullable();
    table.string('request_id').notNullable();
    table.text('reason');
    table.text('before');
    table.text('after');
    sha256Column(table, 'previous_hash').notNullable();
    sha256Column(table, 'hash').notNullable();
    table.unique(['chain', 'position']);
    table.index(['actor_id', 'id']);
    table.index(['action', 'id']);
    table.index(['subject', 'id']);
  });
  await makeAppendOnly(knex, 'audit');
}
