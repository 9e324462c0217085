import type { Knex } from 'knex';

export const name = '015-user-look-ups';

/** For lists of users by role and status, and a search in their names regardless of case in any script. */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.alterTable('users', (table) => {
    table.text('display_name_folded');
    table.index(['role', 'id']);
    table.index(['status', 'id']);
  });
  const named = await knex('users').whereNotNull('display_name').select('id', 'display_name');
  for (const { id, display_name } of named) {
    await knex('users').where({ id }).update({ display_name_folded: display_name.toLowerCase() });
  }
}
