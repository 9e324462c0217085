import type { Knex } from 'knex';

/** The triggers that keep a table append-only: what was written is neither changed nor removed. */
export function appendOnlyTriggers(
  table: string,
): readonly { readonly name: string; readonly sql: string }[] {
  return (['update', 'delete'] as const).map((act) => {
    const name = `${table}_refuse_${act}`;
    return {
      name,
      sql: `create trigger ${name} before ${act} on ${table} begin select raise(abort, '${table} is append-only'); end`,
    };
  });
}

export async function makeAppendOnly(knex: Knex, table: string): Promise<void> {
  for (const { sql } of appendOnlyTriggers(table)) {
    await knex.raw(sql);
  }
}
