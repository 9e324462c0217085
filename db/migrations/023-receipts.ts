import type { Knex } from 'knex';
import { makeBatchViews } from '../batch-view.js';
import { makeAppendOnly } from './append-only.js';
import { enumColumn, integerColumn, referenceColumn, signedAmountColumn } from './columns.js';
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
  await createWithoutRowid(knex, 'new_entries', (table) => {
    referenceColumn(table, 'account_id', 'accounts').notNullable();
    enumColumn(table, 'kind', kinds).notNullable();
    referenceColumn(table, 'payment_id', 'payments').notNullable();
    integerColumn(table, 'line', { min: 1, max: 4 }).notNullable();
    signedAmountColumn(table, 'amount').notNullable();
    signedAmountColumn(table, 'balance_after').notNullable();
    table.primary(['account_id', 'kind', 'payment_id']);
    table.check('amount <> 0');
  });
  await knex.raw('insert into new_entries select * from entries order by account_id, kind, payment_id');
  await knex.raw('drop table entries');
  await knex.raw('alter table new_entries rename to entries');
  await makeAppendOnly(knex, 'entries');
  await makeBatchViews(knex);
}
