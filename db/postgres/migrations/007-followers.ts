import type { Knex } from 'knex';

export const name = '007-followers';

/**
 * The log holds no more of a batch than what others follow it by: what they do not keep they need not parse, and what is text is
 * neither taken apart nor put together by the database. The function that writes batches is made anew with what it is given.
 * Of a writer it is known up to which commit it trusts nothing that it kept in mind of callers before.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
  drop function if exists write_batch(bigint, jsonb);
  drop table batches;
  create unlogged table batches (
    number bigint primary key,
    log text not null
  );
  alter table batches alter column log set storage external;
  alter table writers drop column joined`);
}
