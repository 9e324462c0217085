import type { Knex } from 'knex';

const maxSafe = Number.MAX_SAFE_INTEGER;

/** SQLite stores whatever it is given in a column; this makes it keep to integers, as PostgreSQL does by itself. */
function onlyIntegers(table: Knex.CreateTableBuilder, column: string): void {
  table.check("typeof(??) in ('integer', 'null')", [column]);
}

/** A whole number within `min` and `max`. */
export function integerColumn(
  table: Knex.CreateTableBuilder,
  column: string,
  { min, max }: { min: number; max: number },
): Knex.ColumnBuilder {
  onlyIntegers(table, column);
  table.check(`?? between ${min} and ${max}`, [column]);
  return table.bigInteger(column);
}

/** Adds a column of microseconds since 1970 to a table that is there; null in the rows that are. */
export async function addMicrosColumn(knex: Knex, table: string, column: string): Promise<void> {
  const check = `typeof(\`${column}\`) in ('integer', 'null') and \`${column}\` between 0 and ${maxSafe}`;
  await knex.raw(`alter table \`${table}\` add column \`${column}\` bigint check (${check})`);
}

/** Minor units of a currency that somebody sent or received: positive and safe. */
export function amountColumn(table: Knex.CreateTableBuilder, column: string): Knex.ColumnBuilder {
  return integerColumn(table, column, { min: 1, max: maxSafe });
}

/** Minor units of a currency with a sign: a balance, an entry. */
export function signedAmountColumn(table: Knex.CreateTableBuilder, column: string): Knex.ColumnBuilder {
  return integerColumn(table, column, { min: -maxSafe, max: maxSafe });
}

/** Microseconds since 1970 (UTC). */
export function microsColumn(table: Knex.CreateTableBuilder, column: string): Knex.ColumnBuilder {
  return integerColumn(table, column, { min: 0, max: maxSafe });
}

/** The column of a number that acts which are alike share: 32 bits. */
export function actColumn(table: Knex.CreateTableBuilder, column: string): Knex.ColumnBuilder {
  return integerColumn(table, column, { min: 0, max: 2 ** 32 - 1 });
}

/** One of a closed list of words. */
export function enumColumn(
  table: Knex.CreateTableBuilder,
  column: string,
  words: readonly string[],
): Knex.ColumnBuilder {
  table.check(`?? in (${words.map((word) => `'${word}'`).join(', ')})`, [column]);
  return table.string(column);
}

/** An ISO 4217 code. */
export function currencyColumn(table: Knex.CreateTableBuilder, column: string): Knex.ColumnBuilder {
  table.check('length(??) = 3 and ?? = upper(??)', [column, column, column]);
  return table.string(column, 3);
}

/** A SHA-256, as bytes. */
export function sha256Column(table: Knex.CreateTableBuilder, column: string): Knex.ColumnBuilder {
  table.check("typeof(??) = 'blob' and length(??) = 32", [column, column]);
  return table.binary(column);
}

/** A key that the ledger gives: whole numbers in the order of commits, the row's own number in SQLite. */
export function numberedKey(table: Knex.CreateTableBuilder): void {
  table.specificType('id', 'integer not null primary key');
}

/** The number of a row elsewhere. */
export function referenceColumn(
  table: Knex.CreateTableBuilder,
  column: string,
  target: string,
): Knex.ReferencingColumnBuilder {
  onlyIntegers(table, column);
  return table.bigInteger(column).references('id').inTable(target);
}
