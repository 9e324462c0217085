import type { Knex } from 'knex';
import { makeBatchViews } from '../batch-view.js';
import { addMicrosColumn } from './columns.js';

export const name = '012-use-of-credentials';

/** When sessions and tokens were last used, and when a session ends that is left alone. */
export async function up(knex: Knex): Promise<void> {
  await addMicrosColumn(knex, 'sessions', 'last_used_at');
  await addMicrosColumn(knex, 'sessions', 'idle_until');
  await addMicrosColumn(knex, 'tokens', 'last_used_at');
  // Nobody knows how long those have been left alone that are there: they count as used now, for the usual day.
  await knex.raw(
    `update sessions set last_used_at = case when ended_at is null then unixepoch() * 1000000 else created_at end,
       idle_until = case when ended_at is null then (unixepoch() + 86400) * 1000000 else expires_at end`,
  );
  // Those of a user that are not revoked, however many are.
  await knex.raw('create index tokens_live on tokens (user_id, id) where revoked_at is null');
  await makeBatchViews(knex);
}
