import type { Knex } from 'knex';

export const name = '002-second-factors';

/** What users show besides their password: a row for each who has, or had, a second factor. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
  create table second_factors (
    user_id bigint primary key references users (id),
    status words not null check (status in ('pending', 'on', 'off')),
    secret words,
    last_step count not null,
    above amount,
    recovery words not null,
    since micros not null,
    check ((secret is null) = (status = 'off'))
  )`);
}
