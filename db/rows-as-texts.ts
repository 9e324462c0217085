import type { Knex } from 'knex';
import type { Database } from './connect.js';
import { type Dialect, dialectOf } from './dialect.js';

/** Of each column the JSON text of its values in all rows. */
export type Texts = Readonly<Record<string, string | null>>;

/**
 * What a query selects to read its rows as one row of such texts: the drivers take several times as long to make an object of each
 * row. The values are SQL, by the names that they get.
 */
export const selectAsTexts = (
  { jsonText, jsonList }: Dialect,
  values: readonly (readonly [name: string, value: string])[],
): string => values.map(([name, value]) => `${jsonText(jsonList(value))} as "${name}"`).join(', ');

/** The rows that were read so, with the names in the order of the texts. */
export function rowsOfTexts<Row>(texts: Texts | undefined): Row[] {
  const columns = Object.entries(texts ?? {}).map(([name, text]) => ({
    name,
    // Of no rows PostgreSQL makes no list.
    values: text === null ? [] : (JSON.parse(text) as unknown[]),
  }));
  return (columns[0]?.values ?? []).map((_, place) => {
    const row: Record<string, unknown> = {};
    for (const { name, values } of columns) {
      row[name] = values[place];
    }
    return row as Row;
  });
}

/** Runs a query and gives its rows, in its order where it has a limit, with these of the columns that it selects. */
export async function readAsTexts<Row>(
  database: Database,
  query: Knex.QueryBuilder,
  columns: readonly (keyof Row & string)[],
): Promise<Row[]> {
  const values = columns.map((name) => [name, `v."${name}"`] as const);
  const [texts]: Texts[] = await database
    .select(database.raw(selectAsTexts(dialectOf(database), values)))
    .from(query.as('v'));
  return rowsOfTexts<Row>(texts);
}
