import type { Knex } from 'knex';
import { makeBatchViews } from '../batch-view.js';

export const name = '013-webhook-credentials';

/** Whose session or personal token a webhook was made with; of those that are there nobody knows. */
export async function up(knex: Knex): Promise<void> {
  for (const [column, table] of [
    ['session_id', 'sessions'],
    ['token_id', 'tokens'],
  ] as const) {
    const check = `typeof(\`${column}\`) in ('integer', 'null')`;
    await knex.raw(
      `alter table \`webhooks\` add column \`${column}\` bigint references \`${table}\` (\`id\`) check (${check})`,
    );
  }
  await makeBatchViews(knex);
}
