import type { Knex } from 'knex';
import { makeAppendOnly } from './append-only.js';
import {
  actColumn,
  amountColumn,
  currencyColumn,
  enumColumn,
  integerColumn,
  microsColumn,
  numberedKey,
  referenceColumn,
  sha256Column,
} from './columns.js';
import { entriesOf } from './entries-table.js';
import { createWithoutRowid } from './without-rowid.js';

export const name = '002-payments';

const kinds = ['opening_credit', 'transfer', 'request', 'refund', 'adjustment'] as const;
const maxSafe = Number.MAX_SAFE_INTEGER;

/** The rates that payments name, payments, their entries by account, and where the chains of hashes end. */
export async function up(knex: Knex): Promise<void> {
  // Each row is a whole table of rates, as it came into force.
  await knex.schema.createTable('rates', (table) => {
    numberedKey(table);
    table.string('as_of', 10).notNullable();
    table.string('source').notNullable();
    currencyColumn(table, 'base').notNullable();
    table.text('currencies').notNullable();
    microsColumn(table, 'created_at').notNullable();
    table.check('id > 0');
    table.check('as_of = date(as_of)');
  });
  await makeAppendOnly(knex, 'rates');
  await knex.schema.createTable('payments', (table) => {
    numberedKey(table);
    integerColumn(table, 'chain', { min: 1, max: 32767 }).notNullable();
    integerColumn(table, 'position', { min: 1, max: maxSafe }).notNullable();
    enumColumn(table, 'kind', kinds).notNullable();
    referenceColumn(table, 'from_user_id', 'users');
    referenceColumn(table, 'to_user_id', 'users');
    amountColumn(table, 'sent_amount').notNullable();
    currencyColumn(table, 'sent_currency').notNullable();
    amountColumn(table, 'received_amount').notNullable();
    currencyColumn(table, 'received_currency').notNullable();
    table.string('rate').notNullable();
    referenceColumn(table, 'rates_id', 'rates');
    table.text('memo');
    table.text('memo_folded');
    referenceColumn(table, 'request_id', 'requests');
    referenceColumn(table, 'refund_of', 'payments');
    referenceColumn(table, 'corrects', 'payments');
    actColumn(table, 'act');
    microsColumn(table, 'created_at').notNullable();
    sha256Column(table, 'hash').notNullable();
    table.check('id > 0');
    table.check('from_user_id is not null or to_user_id is not null');
    table.check('from_user_id is null or to_user_id is null or from_user_id <> to_user_id');
    table.check('memo is not null or memo_folded is null');
    table.check('(sent_currency = received_currency) = (rates_id is null)');
    table.check("(kind = 'refund') = (refund_of is not null)");
    table.check("kind = 'adjustment' or corrects is null");
    table.check("(kind = 'request') = (request_id is not null)");
  });
  // The history with one other side, and whether the like of it was paid just before.
  await knex.raw(
    'create index payments_between on payments (from_user_id, to_user_id, id, act) where from_user_id is not null',
  );
  await knex.raw(
    'create index payments_refunds on payments (refund_of, id, act) where refund_of is not null',
  );
  await knex.raw(
    'create unique index payments_one_for_a_request on payments (request_id) where request_id is not null',
  );
  await knex.raw('create index payments_corrections on payments (corrects, id) where corrects is not null');
  await makeAppendOnly(knex, 'payments');
  await createWithoutRowid(knex, 'entries', entriesOf(kinds));
  await makeAppendOnly(knex, 'entries');
  // The end of each chain is kept apart, so that links that were cut off its end are missed, too.
  await createWithoutRowid(knex, 'chain_heads', (table) => {
    enumColumn(table, 'name', ['payments', 'audit', 'commits', 'events']).notNullable();
    integerColumn(table, 'chain', { min: 0, max: 32767 }).notNullable();
    integerColumn(table, 'position', { min: 0, max: maxSafe }).notNullable();
    sha256Column(table, 'hash').notNullable();
    microsColumn(table, 'at').notNullable();
    table.primary(['name', 'chain']);
    table.check("(name in ('commits', 'events')) = (chain = 0)");
  });
  await knex.raw(
    "insert into chain_heads (name, chain, position, hash, at) values ('commits', 0, 0, zeroblob(32), 0), ('events', 0, 0, zeroblob(32), 0)",
  );
}
