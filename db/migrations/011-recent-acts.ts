import type { Knex } from 'knex';
import { integerColumn, microsColumn, referenceColumn } from './columns.js';
import { createWithoutRowid } from './without-rowid.js';

export const name = '011-recent-acts';

const maxSafe = Number.MAX_SAFE_INTEGER;

/** The newest of the acts of an hour that are alike; hours that are past are emptied as batches are written. */
export async function up(knex: Knex): Promise<void> {
  await createWithoutRowid(knex, 'recent_acts', (table) => {
    integerColumn(table, 'hour', { min: 0, max: maxSafe }).notNullable();
    table.text('act').notNullable();
    referenceColumn(table, 'payment_id', 'payments');
    referenceColumn(table, 'request_id', 'requests');
    microsColumn(table, 'at').notNullable();
    table.primary(['hour', 'act']);
    table.check('(payment_id is null) <> (request_id is null)');
  });
}
