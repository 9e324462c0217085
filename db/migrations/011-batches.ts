import type { Knex } from 'knex';
import { makeBatchViews } from '../batch-view.js';

export const name = '011-batches';

export async function up(knex: Knex): Promise<void> {
  await makeBatchViews(knex);
}
