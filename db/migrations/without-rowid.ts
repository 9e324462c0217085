import assert from 'node:assert/strict';
import type { Knex } from 'knex';

/**
 * Makes a table that is kept in the order of its primary key, in that one tree: SQLite would keep rows by numbers of its
 * own and the key in a second tree, which every insert would have to touch as well.
 */
export async function createWithoutRowid(
  knex: Knex,
  name: string,
  build: (table: Knex.CreateTableBuilder) => void,
): Promise<void> {
  const made: unknown = knex.schema.createTable(name, build).toSQL();
  assert(Array.isArray(made), 'A table is made by a list of statements.');
  const [create, ...others]: { sql: string }[] = made;
  await knex.raw(`${create?.sql} without rowid`);
  for (const { sql } of others) {
    await knex.raw(sql);
  }
}
