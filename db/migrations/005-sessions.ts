import type { Knex } from 'knex';
import { enumColumn, microsColumn, sha256Column } from '../columns.js';

export const name = '005-sessions';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('sessions', (table) => {
    table.string('id').notNullable().primary();
    table.string('user_id').notNullable().references('id').inTable('users');
    sha256Column(table, 'token_hash').notNullable().unique();
    microsColumn(table, 'created_at').notNullable();
    microsColumn(table, 'expires_at').notNullable();
    microsColumn(table, 'ended_at');
    table.string('address').notNullable();
    enumColumn(table, 'place', ['first', 'new', 'known']).notNullable();
    table.index(['user_id', 'place', 'address']);
    table.unique(['user_id'], {
      indexName: 'sessions_first_place',
      predicate: knex.whereRaw("place = 'first'"),
    });
    table.unique(['user_id', 'address'], {
      indexName: 'sessions_places',
      predicate: knex.whereRaw("place <> 'known'"),
    });
    table.check('expires_at > created_at');
  });
}
