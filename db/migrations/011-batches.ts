import type { Knex } from 'knex';
import { makeBatchView } from '../batch-view.js';

export const name = '011-batches';

export async function up(knex: Knex): Promise<void> {
  await makeBatchView(knex);
}
