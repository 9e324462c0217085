import type { Knex } from 'knex';
import { makeBatchViews } from '../batch-view.js';
import { makeAppendOnly } from './append-only.js';
import { entriesOf } from './entries-table.js';
import { createWithoutRowid } from './without-rowid.js';

export const name = '023-receipts';

const kinds = ['opening_credit', 'transfer', 'request', 'refund', 'adjustment', 'receipt'] as const;

/**
 * What the receiver of a transfer is told is read from the entry of their account: the event took as much room and time as
 * another entry. SQLite does not change what a table checks, so the table is made anew; what there was stays as it was.
 */
export async function up(knex: Knex): Promise<void> {
  // Their triggers name the table.
  await knex.raw('drop view if exists batches');
  await knex.raw('drop view if exists payment_batches');
  await createWithoutRowid(knex, 'new_entries', entriesOf(kinds));
  await knex.raw('insert into new_entries select * from entries order by account_id, kind, payment_id');
  await knex.raw('drop table entries');
  await knex.raw('alter table new_entries rename to entries');
  await makeAppendOnly(knex, 'entries');
  await makeBatchViews(knex);
}
