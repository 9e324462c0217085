import type { Knex } from 'knex';
import {
  actColumn,
  amountColumn,
  currencyColumn,
  enumColumn,
  integerColumn,
  microsColumn,
  numberedKey,
  referenceColumn,
} from './columns.js';
import { createWithoutRowid } from './without-rowid.js';

export const name = '005-requests';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('requests', (table) => {
    numberedKey(table);
    referenceColumn(table, 'requester_id', 'users').notNullable();
    referenceColumn(table, 'payer_id', 'users').notNullable();
    amountColumn(table, 'amount').notNullable();
    currencyColumn(table, 'currency').notNullable();
    table.text('memo');
    enumColumn(table, 'status', ['pending', 'paid', 'declined', 'cancelled', 'expired']).notNullable();
    table.text('reason');
    referenceColumn(table, 'payment_id', 'payments').unique();
    microsColumn(table, 'created_at').notNullable();
    microsColumn(table, 'expires_at').notNullable();
    microsColumn(table, 'closed_at');
    microsColumn(table, 'reminded_at');
    actColumn(table, 'act').notNullable();
    table.index(['requester_id', 'id']);
    table.index(['requester_id', 'payer_id', 'id', 'act']);
    table.index(['payer_id', 'id']);
    table.check('requester_id <> payer_id');
    table.check("(status = 'pending') = (closed_at is null)");
    table.check("(status = 'paid') = (payment_id is not null)");
    table.check("reason is null or status = 'declined'");
    table.check('expires_at > created_at');
  });
  await createWithoutRowid(knex, 'funds_refusals', (table) => {
    referenceColumn(table, 'requester_id', 'users').notNullable();
    referenceColumn(table, 'payer_id', 'users').notNullable();
    microsColumn(table, 'since').notNullable();
    integerColumn(table, 'refusals', { min: 1, max: 5 }).notNullable();
    table.primary(['requester_id', 'payer_id']);
    table.check('requester_id <> payer_id');
  });
  await knex.raw("create index requests_to_expire on requests (expires_at) where status = 'pending'");
  // A request that was closed stays as it was closed.
  await knex.raw(
    'create trigger requests_refuse_reopening before update on requests ' +
      "when old.status <> 'pending' begin select raise(abort, 'a closed request does not change'); end",
  );
  await knex.raw(
    'create trigger requests_refuse_delete before delete on requests ' +
      "begin select raise(abort, 'requests are kept'); end",
  );
}
