import type { Knex } from 'knex';
import { makeBatchViews } from '../batch-view.js';

export const name = '022-payment-batches';

/** Batches of payments are written into a view of their own. */
export async function up(knex: Knex): Promise<void> {
  await makeBatchViews(knex);
}
