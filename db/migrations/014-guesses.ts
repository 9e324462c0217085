import type { Knex } from 'knex';
import { makeBatchViews } from '../batch-view.js';
import { integerColumn, microsColumn } from './columns.js';
import { createWithoutRowid } from './without-rowid.js';

export const name = '014-guesses';

/** How often somebody's secret was tried in vain: of a user, from a place, from a network. */
export async function up(knex: Knex): Promise<void> {
  await createWithoutRowid(knex, 'guesses', (table) => {
    table.string('key').notNullable().primary();
    integerColumn(table, 'failures', { min: 0, max: Number.MAX_SAFE_INTEGER }).notNullable();
    microsColumn(table, 'last_at').notNullable();
    microsColumn(table, 'blocked_until').notNullable();
  });
  await makeBatchViews(knex);
}
