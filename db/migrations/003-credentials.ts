import type { Knex } from 'knex';
import { enumColumn, microsColumn, numberedKey, referenceColumn, sha256Column } from './columns.js';

export const name = '003-credentials';

/** Sessions of persons, tokens of their scripts, and invitations to register. */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('sessions', (table) => {
    numberedKey(table);
    referenceColumn(table, 'user_id', 'users').notNullable();
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
  // Those of a user that have not ended, however many have.
  await knex.raw('create index sessions_live on sessions (user_id, id) where ended_at is null');
  await knex.schema.createTable('tokens', (table) => {
    numberedKey(table);
    referenceColumn(table, 'user_id', 'users').notNullable();
    table.string('name', 100).notNullable();
    table.string('scopes').notNullable();
    sha256Column(table, 'token_hash').notNullable().unique();
    microsColumn(table, 'created_at').notNullable();
    microsColumn(table, 'expires_at').notNullable();
    microsColumn(table, 'revoked_at');
    table.index(['user_id', 'id']);
    table.check('expires_at > created_at');
  });
  await knex.schema.createTable('invitations', (table) => {
    numberedKey(table);
    sha256Column(table, 'token_hash').notNullable().unique();
    table.string('note', 100).notNullable();
    referenceColumn(table, 'created_by', 'users').notNullable();
    microsColumn(table, 'created_at').notNullable();
    microsColumn(table, 'expires_at').notNullable();
    microsColumn(table, 'revoked_at');
    referenceColumn(table, 'used_by', 'users').unique();
    microsColumn(table, 'used_at');
    table.check('expires_at > created_at');
    table.check('(used_by is null) = (used_at is null)');
    table.check('used_at is null or revoked_at is null');
  });
}
