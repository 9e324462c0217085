import type { Knex } from 'knex';

export const name = '003-audited-rights';

/**
 * What credentials are since an act (of the acts that are there nobody can tell any more), and how much of what all share a user
 * has taken lately, so that neither outlives its record.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
  alter table audit add column credentials words;
  create table left_behind (
    user_id bigint primary key references users (id),
    kibibytes count not null,
    until micros not null
  )`);
}
