import type { Knex } from 'knex';
import {
  checkedTables,
  keptTables,
  numberTrigger,
  referenceFunction,
  referencesOf,
  referenceTrigger,
  removalTrigger,
} from './references.js';

export const name = '008-references';

/**
 * What payments write names rows of other tables eight times. PostgreSQL looked at each by itself and locked what was named, which
 * took half of the time of a batch; now it looks once for all rows that a statement adds. That is as strict, since the rows that are
 * named can neither be removed nor get another number.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
  create function refuse_renumbering() returns trigger language plpgsql as $$
    begin raise exception '% keep their numbers', tg_table_name; end $$;
  ${keptTables.flatMap((table) => [removalTrigger(table), numberTrigger(table)]).join('\n  ')}`);
  for (const table of checkedTables) {
    const dropped = referencesOf(table).map(([column]) => `drop constraint ${table}_${column}_fkey`);
    await knex.raw(`
    ${referenceFunction(table)}
    ${referenceTrigger(table)}
    alter table ${table} ${dropped.join(', ')};`);
  }
}
