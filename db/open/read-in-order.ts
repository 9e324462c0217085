import { type Dialect, dialectOf } from '../dialect.js';
import type { TableName } from '../rows.js';
import { rowsOfTexts, selectAsTexts, type Texts } from '../rows-as-texts.js';
import { tables } from '../tables.js';
import type { Snapshot } from './snapshot.js';

/** A source of rows that says which dialect it speaks. */
export type Readable = Pick<Snapshot, 'raw' | 'client'>;

type Key = readonly (string | number)[];

export interface InOrder<Row> {
  readonly table: TableName;
  /** The columns that are read; all that the table has, where none are named. */
  readonly columns?: readonly (keyof Row & string)[];
  /** The columns of the order: unique, among the rows that are read, and with an index; numbers and texts. */
  readonly key: readonly (keyof Row & string)[];
  /** A condition in SQL on the table `t`. */
  readonly where?: string;
  /** The members that a row has besides the columns of the table, by name: SQL on the row `t` that gives JSON. */
  readonly joined?: Readonly<Record<string, string>>;
}

const rowsAtOnce = 1_000;

const listOf = (columns: readonly string[]) => columns.map((column) => `t."${column}"`).join(', ');

const columnsOf = ({ table, columns }: InOrder<never>): readonly string[] => columns ?? tables[table].columns;

/** A page of the rows. */
function pageStatement(dialect: Dialect, reading: InOrder<never>, isFirst: boolean): string {
  const { table, key, where = 'true', joined = {} } = reading;
  const columns = columnsOf(reading);
  const bytes: readonly string[] = tables[table].bytes;
  const values = [
    ...columns.map(
      (name) => [name, bytes.includes(name) ? dialect.hex(`t."${name}"`) : `t."${name}"`] as const,
    ),
    ...Object.entries(joined).map(([name, json]) => [name, dialect.jsonValue(json)] as const),
  ];
  const after = isFirst ? 'true' : `(${listOf(key)}) > (${key.map(() => '?').join(', ')})`;
  const page = `select ${listOf(columns)} from "${table}" as t where ${where} and ${after} order by ${listOf(key)} limit ${rowsAtOnce}`;
  return `select ${selectAsTexts(dialect, values)} from (${page}) as t`;
}

/** The rows of a table in the order of a key, page by page; the next page is read while the one before is looked at. */
export async function* readInOrder<Row>(
  snapshot: Readable,
  reading: InOrder<Row>,
): AsyncGenerator<readonly Row[]> {
  const dialect = dialectOf(snapshot);
  const firstPage = pageStatement(dialect, reading, true);
  const nextPage = pageStatement(dialect, reading, false);
  const readAfter = (key?: Key): Promise<Row[]> => {
    const found = snapshot.raw<Texts>(key ? nextPage : firstPage, key);
    const page = found.then(([texts]) => rowsOfTexts<Row>(texts));
    // The page may fail while the one before is still looked at: whoever awaits it hears of that, and nobody else need.
    page.catch(() => {});
    return page;
  };
  const keyOf = (row: Row): Key => reading.key.map((column) => row[column] as string | number);
  let coming = readAfter();
  try {
    for (;;) {
      const rows = await coming;
      const last = rows.at(-1);
      if (last === undefined) {
        return;
      }
      coming = readAfter(keyOf(last));
      yield rows;
    }
  } finally {
    // Whoever stops half-way closes the database next, which must not be read any more then.
    await coming.catch(() => {});
  }
}
