import type { Knex } from 'knex';
import { makeBatchViews } from '../batch-view.js';
import { currencyColumn, microsColumn, numberedKey, referenceColumn } from './columns.js';

export const name = '021-collections';

/** What somebody collects from many under one name, and the requests that belong to it: of each person one at most. */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('collections', (table) => {
    numberedKey(table);
    referenceColumn(table, 'owner_id', 'users').notNullable();
    table.text('name').notNullable();
    table.text('name_folded').notNullable();
    currencyColumn(table, 'currency').notNullable();
    microsColumn(table, 'created_at').notNullable();
    microsColumn(table, 'expires_at').notNullable();
    microsColumn(table, 'closed_at');
    microsColumn(table, 'reminded_at');
    table.index(['owner_id', 'id']);
    table.check('expires_at > created_at');
  });
  await knex.raw('create index collections_open on collections (owner_id, id) where closed_at is null');
  await knex.raw(
    'create trigger collections_refuse_reopening before update on collections ' +
      "when old.closed_at is not null begin select raise(abort, 'a closed collection does not change'); end",
  );
  await knex.raw(
    "alter table requests add column collection_id bigint references collections (id) check (typeof(collection_id) in ('integer', 'null'))",
  );
  await knex.raw(
    'create unique index requests_one_in_a_collection on requests (collection_id, payer_id) where collection_id is not null',
  );
  await makeBatchViews(knex);
}
