import type { Knex } from 'knex';
import { enumColumn, integerColumn, microsColumn, sha256Column } from '../columns.js';

export const name = '013-chain-heads';

/** The end of each chain is kept apart, so that links that were cut off its end are missed, too. */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('chain_heads', (table) => {
    enumColumn(table, 'name', ['payments', 'audit']).notNullable();
    integerColumn(table, 'chain', { min: 1, max: 32767 }).notNullable();
    integerColumn(table, 'position', { min: 0, max: Number.MAX_SAFE_INTEGER }).notNullable();
    sha256Column(table, 'hash').notNullable();
    microsColumn(table, 'at').notNullable();
    table.primary(['name', 'chain']);
  });
  await knex.raw(
    `insert into chain_heads (name, chain, position, hash, at)
     select 'payments', p.chain, p.position, p.hash, p.created_at from payments as p
     where p.position = (select max(position) from payments where chain = p.chain)`,
  );
}
