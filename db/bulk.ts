import type { Database, Transaction } from './connect.js';
import {
  type Dialect,
  dialectOf,
  type Matching as MatchingRows,
  type Summing as SummingRows,
} from './dialect.js';
import { KeptTexts } from './kept-texts.js';
import type { TableName } from './rows.js';
import { tables } from './tables.js';

type Value = string | number | null;
type Key = readonly Value[];

/** The texts of the statements, which the connection keeps prepared, too, by their text. */
const texts = new Map<Dialect, KeptTexts>();

function textOf(dialect: Dialect, name: string, make: () => string): string {
  let kept = texts.get(dialect);
  if (kept === undefined) {
    kept = new KeptTexts();
    texts.set(dialect, kept);
  }
  return kept.get(name, make);
}

/** The values of a row, in the order of its columns. */
function valuesOf(dialect: Dialect, table: TableName): readonly string[] {
  const bytes: readonly string[] = tables[table].bytes;
  const names: readonly string[] = tables[table].columns;
  return names.map((column) => (bytes.includes(column) ? dialect.hex(`t."${column}"`) : `t."${column}"`));
}

function columnsOf(dialect: Dialect, table: TableName): string {
  const values = valuesOf(dialect, table);
  return tables[table].columns.map((column, index) => `${values[index]} as "${column}"`).join(', ');
}

export interface Matching extends MatchingRows {
  readonly table: TableName;
}

/** The rows that match any of the keys, in one statement of constant text. The order of the rows is not defined. */
export function selectMatching<Row>(
  database: Database | Transaction,
  matching: Matching,
  keys: readonly Key[],
): Promise<Row[]> {
  const dialect = dialectOf(database);
  const sql = textOf(dialect, nameOf(matching), () =>
    dialect.matching(matching, columnsOf(dialect, matching.table)),
  );
  return Promise.resolve(database.raw(sql, [dialect.matchingKeys(matching.columns, keys)]));
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
  const dialect = dialectOf(database);
  const name = `each ${questions.map(({ matching }) => nameOf(matching)).join(' | ')}`;
  const sql = textOf(dialect, name, () =>
    questions
      .map(({ matching }, index) => {
        const answer = dialect.jsonText(dialect.jsonArray(valuesOf(dialect, matching.table)));
        return dialect.matching(matching, `${index} as question, ${answer} as answer`);
      })
      .join(' union all '),
  );
  const answers: { readonly question: number; readonly answer: string }[] = await database.raw(
    sql,
    questions.map(({ matching, keys }) => dialect.matchingKeys(matching.columns, keys)),
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

export interface Summing extends SummingRows {
  readonly table: TableName;
}

/**
 * For each of the keys, in their order, the sum of one column over the rows that match it, are not newer than the number
 * `upTo`, and whose column `sinceColumn` is at least the value that stands last in the key; and the least value of that
 * column. One statement of constant text.
 */
export function selectSums(
  database: Database | Transaction,
  summing: Summing,
  keys: readonly Key[],
  upTo: number = Number.MAX_SAFE_INTEGER,
): Promise<{ sum: number; first: number | null }[]> {
  const dialect = dialectOf(database);
  const { table, columns, sinceColumn, sum } = summing;
  const name = `sums ${table} ${columns.join()} ${sinceColumn} ${sum}`;
  const sql = textOf(dialect, name, () => dialect.sums(summing));
  return Promise.resolve(database.raw(sql, [dialect.sumsKeys(summing, keys), upTo]));
}
