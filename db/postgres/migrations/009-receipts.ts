import type { Knex } from 'knex';

export const name = '009-receipts';

/** What the receiver of a transfer is told is read from the entry of their account, which is of a kind of its own. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
  create domain entry_kind as text collate "C"
    check (value in ('opening_credit', 'transfer', 'request', 'refund', 'adjustment', 'receipt'));
  alter table entries alter column kind type entry_kind;`);
}
