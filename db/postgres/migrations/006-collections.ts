import type { Knex } from 'knex';

export const name = '006-collections';

/** What somebody collects from many under one name, and the requests that belong to it: of each person one at most. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
  create table collections (
    id amount primary key,
    owner_id bigint not null references users (id),
    name words not null,
    name_folded words not null,
    currency currency not null,
    created_at micros not null,
    expires_at micros not null,
    closed_at micros,
    reminded_at micros,
    check (expires_at > created_at)
  );
  create index collections_owner on collections (owner_id, id);
  create index collections_open on collections (owner_id, id) where closed_at is null;
  create function refuse_reopening_a_collection() returns trigger language plpgsql as $$
    begin raise exception 'a closed collection does not change'; end $$;
  create trigger collections_refuse_reopening before update on collections
    for each row when (old.closed_at is not null) execute function refuse_reopening_a_collection();
  alter table requests add column collection_id bigint references collections (id);
  create unique index requests_one_in_a_collection on requests (collection_id, payer_id) where collection_id is not null;`);
}
