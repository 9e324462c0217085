import type { Knex } from 'knex';
import { enumColumn, integerColumn, microsColumn } from '../columns.js';

export const name = '012-webhooks';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('webhooks', (table) => {
    table.string('id').notNullable().primary();
    table.string('user_id').notNullable().references('id').inTable('users');
    table.string('url', 2048).notNullable();
    table.text('types').notNullable();
    // What deliveries are signed with; empty once it is deleted.
    table.string('secret').notNullable();
    enumColumn(table, 'status', ['active', 'disabled', 'deleted']).notNullable();
    // Every event up to this one has its delivery.
    table.string('event_cursor').notNullable();
    microsColumn(table, 'created_at').notNullable();
    table.index(['user_id', 'id']);
  });
  await knex.schema.createTable('deliveries', (table) => {
    table.string('id').notNullable().primary();
    table.string('webhook_id').notNullable().references('id').inTable('webhooks');
    table.string('event_id').notNullable().references('id').inTable('events');
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
