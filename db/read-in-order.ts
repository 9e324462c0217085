import type { Snapshot } from './snapshot.js';

type Key = readonly (string | number)[];

export interface InOrder<Row> {
  readonly table: string;
  readonly columns: readonly (keyof Row & string)[];
  /** Unique, among the rows that are read, and with an index; text or numbers. */
  readonly key: readonly (keyof Row & string)[];
  /** A condition in SQL on the table `t`. */
  readonly where?: string;
}

const rowsAtOnce = 1_000;

const listOf = (columns: readonly string[]) => columns.map((column) => `t."${column}"`).join(', ');

/** A page as one JSON text for each column: the driver takes several times as long to make an object of each row. */
function pageStatement<Row>({ table, columns, key, where = 'true' }: InOrder<Row>): string {
  const texts = columns.map((column) => `json_group_array(t."${column}") as "${column}"`).join(', ');
  const after = `(${listOf(key)}) > (${key.map(() => '?').join(', ')})`;
  const page = `select ${listOf(columns)} from "${table}" as t where ${where} and ${after} order by ${listOf(key)} limit ${rowsAtOnce}`;
  return `select ${texts} from (${page}) as t`;
}

function rowsOf<Row>(
  columns: readonly (keyof Row & string)[],
  texts: Readonly<Record<string, string>>,
): Row[] {
  const values = columns.map((column) => JSON.parse(texts[column] ?? '[]') as unknown[]);
  return (values[0] ?? []).map((_, place) => {
    const row: Record<string, unknown> = {};
    columns.forEach((column, index) => {
      row[column] = values[index]?.[place];
    });
    return row as Row;
  });
}

/** The rows of a table in the order of a key, page by page; the next page is read while the one before is looked at. */
export async function* readInOrder<Row>(
  snapshot: Snapshot,
  reading: InOrder<Row>,
): AsyncGenerator<readonly Row[]> {
  const sql = pageStatement(reading);
  const readAfter = (key: Key): Promise<Row[]> => {
    const page = snapshot
      .raw<Record<string, string>>(sql, key)
      .then(([texts = {}]) => rowsOf(reading.columns, texts));
    // It may fail while the page before is still looked at: whoever awaits it hears of that, and nobody else need.
    page.catch(() => {});
    return page;
  };
  const keyOf = (row: Row): Key => reading.key.map((column) => row[column] as string | number);
  let coming = readAfter(reading.key.map(() => ''));
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
