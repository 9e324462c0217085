import type { Knex } from 'knex';
import { makeBatchViews } from '../batch-view.js';
import { integerColumn, microsColumn } from './columns.js';

export const name = '016-audited-rights';

/**
 * What credentials are since an act (of the acts that are there nobody can tell any more), and how much of what all share a user
 * has taken lately, so that neither outlives its record.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw('alter table `audit` add column `credentials` text');
  await knex.schema.createTable('left_behind', (table) => {
    table.specificType('user_id', 'integer not null primary key references users (id)');
    integerColumn(table, 'kibibytes', { min: 0, max: Number.MAX_SAFE_INTEGER }).notNullable();
    microsColumn(table, 'until').notNullable();
  });
  await makeBatchViews(knex);
}
