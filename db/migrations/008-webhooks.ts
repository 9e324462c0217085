import type { Knex } from 'knex';
import { enumColumn, integerColumn, microsColumn, numberedKey, referenceColumn } from './columns.js';

export const name = '008-webhooks';

const maxSafe = Number.MAX_SAFE_INTEGER;

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('webhooks', (table) => {
    numberedKey(table);
    referenceColumn(table, 'user_id', 'users').notNullable();
    table.string('url', 2048).notNullable();
    table.text('types').notNullable();
    // What deliveries are signed with; empty once it is deleted.
    table.string('secret').notNullable();
    enumColumn(table, 'status', ['active', 'disabled', 'deleted']).notNullable();
    // Every event up to this one has its delivery.
    integerColumn(table, 'event_cursor', { min: 0, max: maxSafe }).notNullable();
    microsColumn(table, 'created_at').notNullable();
    table.index(['user_id', 'id']);
  });
  await knex.schema.createTable('deliveries', (table) => {
    numberedKey(table);
    referenceColumn(table, 'webhook_id', 'webhooks').notNullable();
    // An event of the webhook's user.
    integerColumn(table, 'event_id', { min: 1, max: maxSafe }).notNullable();
    enumColumn(table, 'status', ['pending', 'delivered', 'failed']).notNullable();
    integerColumn(table, 'attempts', { min: 0, max: 1000 }).notNullable();
    microsColumn(table, 'next_attempt_at');
    microsColumn(table, 'retry_until');
    microsColumn(table, 'last_attempt_at');
    integerColumn(table, 'last_status', { min: 100, max: 999 });
    table.string('last_error');
    microsColumn(table, 'created_at').notNullable();
    table.unique(['webhook_id', 'event_id']);
    table.index(['webhook_id', 'id']);
    table.check("(status = 'pending') = (next_attempt_at is not null)");
  });
  // What there is to do is asked often; these hold no more than that.
  await knex.raw("create index webhooks_active on webhooks (event_cursor) where status = 'active'");
  await knex.raw(
    "create index deliveries_due on deliveries (webhook_id, next_attempt_at) where status = 'pending'",
  );
}
