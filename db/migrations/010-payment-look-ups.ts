import type { Knex } from 'knex';

export const name = '010-payment-look-ups';

/** For refunds of a payment, and for payments between the same two within the last minutes. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw('create index payments_refunds on payments (refund_of) where refund_of is not null');
  await knex.raw('create index payments_between on payments (from_user_id, to_user_id, created_at)');
}
