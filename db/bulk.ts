import type { Database, Transaction } from './connect.js';
import type { TableName } from './rows.js';
import { tables } from './tables.js';

type Value = string | number | null;
type Key = readonly Value[];

const quoted = (name: string) => `"${name}"`;

/** The text of a statement is made once: they are few, and the connection keeps them prepared by their text. */
const texts = new Map<string, string>();

function textOf(name: string, make: () => string): string {
  let text = texts.get(name);
  if (text === undefined) {
    text = make();
    texts.set(name, text);
  }
  return text;
}

/** The values of a row, in the order of its columns. */
function valuesOf(table: TableName): readonly string[] {
  const bytes: readonly string[] = tables[table].bytes;
  const names: readonly string[] = tables[table].columns;
  return names.map((column) =>
    bytes.includes(column) ? `lower(hex(t.${quoted(column)}))` : `t.${quoted(column)}`,
  );
}

function columnsOf(table: TableName): string {
  const values = valuesOf(table);
  return tables[table].columns.map((column, index) => `${values[index]} as ${quoted(column)}`).join(', ');
}

/** Null equals null only where a key asks for null: `=` finds its index where it is partial, `is` does not. */
const matchOf = (columns: readonly string[], nulls: readonly boolean[]) =>
  columns
    .map((column, index) =>
      nulls[index] ? `t.${quoted(column)} is null` : `t.${quoted(column)} = k.value ->> ${index}`,
    )
    .join(' and ');

export interface Matching {
  readonly table: TableName;
  readonly columns: readonly string[];
  /** Which of the columns must be null. */
  readonly nulls: readonly boolean[];
  /** How many rows of each key are read at most. */
  readonly atMost: number;
  /** Only the newest of each key, among so many of the newest that match the first `by` columns. */
  readonly newest?: { readonly by: number; readonly among: number } | undefined;
}

/** SQLite finds the newest in an index of the first columns, the number and the others, and reads one row of the table. */
function newestText({ table, columns, nulls }: Matching, by: number, among: number, wanted: string): string {
  const first = matchOf(columns.slice(0, by), nulls).replaceAll('t.', 'r.');
  const others = columns.slice(by);
  const rest = others.map((column, index) => `s.${quoted(column)} = k.value ->> ${by + index}`).join(' and ');
  return (
    `select ${wanted} from jsonb_each(?) as k cross join ${quoted(table)} as t where t.id = (select max(s.id) from ` +
    `(select r.id, ${others.map((column) => `r.${quoted(column)}`).join(', ')} from ${quoted(table)} as r ` +
    `where ${first} order by r.id desc limit ${among}) as s where ${rest})`
  );
}

function matchingText(matching: Matching, wanted: string): string {
  const { table, columns, nulls, atMost, newest } = matching;
  if (newest) {
    return newestText(matching, newest.by, newest.among, wanted);
  }
  const match = matchOf(columns, nulls);
  if (atMost === 1) {
    // A cross join makes SQLite read the keys first and look each up by the index of the table.
    return `select ${wanted} from jsonb_each(?) as k cross join ${quoted(table)} as t where ${match}`;
  }
  const inner = match.replaceAll('t.', 's.');
  return (
    `select ${wanted} from jsonb_each(?) as k cross join ${quoted(table)} as t ` +
    `where t.id in (select s.id from ${quoted(table)} as s where ${inner} order by s.id desc limit ${atMost + 1})`
  );
}

/** The rows that match any of the keys, in one statement of constant text. The order of the rows is not defined. */
export function selectMatching<Row>(
  database: Database | Transaction,
  matching: Matching,
  keys: readonly Key[],
): Promise<Row[]> {
  const sql = textOf(nameOf(matching), () => matchingText(matching, columnsOf(matching.table)));
  return Promise.resolve(database.raw(sql, [JSON.stringify(keys)]));
}

const nameOf = ({ table, columns, nulls, atMost, newest }: Matching) =>
  `rows ${table} ${columns.join()} ${nulls.join()} ${atMost} ${newest?.by} ${newest?.among}`;

export interface Question {
  readonly matching: Matching;
  readonly keys: readonly Key[];
}

/**
 * The rows that each of several questions finds, in one statement: most questions find nothing, and the way to SQLite and
 * back costs more than the answer. Rows travel as JSON, since those of different tables have different columns.
 */
export async function selectEach(
  database: Database | Transaction,
  questions: readonly Question[],
): Promise<readonly (readonly object[])[]> {
  const [first, ...others] = questions;
  if (first === undefined || others.length === 0) {
    return first ? [await selectMatching<object>(database, first.matching, first.keys)] : [];
  }
  const name = `each ${questions.map(({ matching }) => nameOf(matching)).join(' | ')}`;
  const sql = textOf(name, () =>
    questions
      .map(({ matching }, index) =>
        matchingText(
          matching,
          `${index} as question, json_array(${valuesOf(matching.table).join(', ')}) as answer`,
        ),
      )
      .join(' union all '),
  );
  const answers: { readonly question: number; readonly answer: string }[] = await database.raw(
    sql,
    questions.map(({ keys }) => JSON.stringify(keys)),
  );
  const found = questions.map((): object[] => []);
  for (const { question, answer } of answers) {
    const { table } = (questions[question] as Question).matching;
    const values: Value[] = JSON.parse(answer);
    found[question]?.push(
      Object.fromEntries(tables[table].columns.map((column, index) => [column, values[index]])),
    );
  }
  return found;
}

export interface Summing {
  readonly table: TableName;
  readonly columns: readonly string[];
  readonly sinceColumn: string;
  readonly sum: string;
}

/**
 * For each of the keys, in their order, the sum of one column over the rows that match it, are not newer than the number
 * `upTo`, and whose column `sinceColumn` is at least the value that stands last in the key; and the least value of that
 * column. One statement of constant text.
 */
export function selectSums(
  database: Database | Transaction,
  { table, columns, sinceColumn, sum }: Summing,
  keys: readonly Key[],
  upTo: number = Number.MAX_SAFE_INTEGER,
): Promise<{ sum: number; first: number | null }[]> {
  const sql = textOf(`sums ${table} ${columns.join()} ${sinceColumn} ${sum}`, () => {
    const match = matchOf(
      columns,
      columns.map(() => false),
    );
    return (
      `select coalesce(sum(t.${quoted(sum)}), 0) as sum, min(t.${quoted(sinceColumn)}) as first ` +
      `from jsonb_each(?) as k left join ${quoted(table)} as t ` +
      `on ${match} and t.${quoted(sinceColumn)} >= k.value ->> ${columns.length} and t.id <= ? group by k.key order by k.key`
    );
  });
  return Promise.resolve(database.raw(sql, [JSON.stringify(keys), upTo]));
}
