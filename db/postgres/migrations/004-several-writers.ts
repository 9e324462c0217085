import type { Knex } from 'knex';

export const name = '004-several-writers';

/**
 * The writers of the books, one for each chain, and the log of what they have written lately, by which each follows the
 * others. The log is only an aid: it is gone after a crash, and whoever misses something in it reads the books anew.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
  create table writers (
    chain bigint primary key check (chain between 1 and 32767),
    joined bigint generated always as identity,
    heard bigint not null default 0
  );
  create unlogged table batches (
    number bigint primary key,
    batch jsonb not null
  );
  alter table batches alter column batch set storage external`);
}
