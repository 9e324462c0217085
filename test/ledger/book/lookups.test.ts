import test from 'ava';
import { selectMatching } from '../../../db/bulk.js';
import type { Database } from '../../../db/connect.js';
import { tables } from '../../../db/tables.js';
import { rules } from '../../../server/compose/rules.js';
import type { Lookup } from '../../../server/ledger/book/lookup.js';
import { makeDatabaseFile, openWriterOf } from '../../db/support/database.js';

/** The value of a member of anything: what is a number or a currency where rules look at it closely, else anything again. */
function memberOf(name: string | symbol): unknown {
  if (name === Symbol.toPrimitive) {
    return (hint: string) => (hint === 'string' ? '[]' : 1);
  }
  if (typeof name === 'symbol' || ['map', 'flatMap', 'filter', 'slice'].includes(name)) {
    return Reflect.get([anything], name).bind([anything]);
  }
  if (/^id$|_id$|(?<!newest)Id$/.test(name)) {
    return 1;
  }
  return /currency|^code$/i.test(name) ? 'GBP' : anything;
}

/** Whatever a rule takes: an input, a caller or a book that knows every row and where everything is so. */
const anything: never = new Proxy(() => anything, { get: (_target, name) => memberOf(name) }) as never;

/** What each rule asks for when there is all that it may look for, each form once. */
function everyLookup(): readonly Lookup[] {
  const lookups = Object.values(rules).flatMap((rule) => rule.reads(anything, anything, anything, 1));
  const form = ({ table, where, ...rest }: Lookup) => JSON.stringify([table, Object.keys(where), rest]);
  return [...new Map(lookups.map((one) => [form(one), one])).values()];
}

interface Unique {
  readonly columns: readonly string[];
  /** What stands after `where` in the text of its index. */
  readonly predicate: string;
}

async function uniquesOf(writer: Database, table: Lookup['table']): Promise<readonly Unique[]> {
  const indexes: { name: string; text: string | null }[] = await writer.raw(
    'select l.name, m.sql as text from pragma_index_list(?) as l join sqlite_schema as m using (name) where l."unique"',
    [table],
  );
  const found = await Promise.all(
    indexes.map(async ({ name, text }) => {
      const columns: { name: string }[] = await writer.raw('select name from pragma_index_info(?)', [name]);
      return { columns: columns.map((column) => column.name), predicate: text?.split(/ where /i)[1] ?? '' };
    }),
  );
  return [{ columns: tables[table].primaryKey, predicate: '' }, ...found];
}

/** Whether the columns of a lookup are a key of one row. */
async function isOfOneRow(writer: Database, { table, where }: Lookup): Promise<boolean> {
  const others = tables[table].columns.filter((column) => !(column in where));
  return (await uniquesOf(writer, table)).some(
    ({ columns, predicate }) =>
      columns.every((column) => column in where) &&
      !others.some((column) => new RegExp(`\\b${column}\\b`).test(predicate)),
  );
}

/** The steps in which the database answers a lookup that read a table, or an index, from one end to the other. */
async function scansOf(
  writer: Database,
  { table, where, newest, atMost }: Lookup,
): Promise<readonly string[]> {
  const columns = Object.keys(where);
  const nulls = columns.map((column) => where[column] === null);
  const asked: { readonly sql: string; readonly bindings: readonly string[] }[] = [];
  writer.once('query', (query) => asked.push(query));
  await selectMatching(writer, { table, columns, nulls, atMost, newest }, [columns.map(() => 1)]);
  const [{ sql, bindings } = { sql: '', bindings: [] }] = asked;
  const steps: { detail: string }[] = await writer.raw(`explain query plan ${sql}`, [...bindings]);
  const details = steps.map(({ detail }) => detail);
  // `k` stands for the keys; tables have other letters.
  return details.filter((detail) => /^SCAN (?!k )/.test(detail));
}

test('whatever a rule looks up is one row of a unique key or has a bound, and is found by an index', async (t) => {
  const writer = openWriterOf(t, await makeDatabaseFile(t));
  const ofRows = everyLookup().filter(({ sum }) => sum === undefined);
  t.true(ofRows.length > 25, `${ofRows.length} forms of lookups`);
  for (const one of ofRows) {
    const what = `${one.table} by ${Object.keys(one.where)}`;
    t.true(one.atMost <= 10_000, what);
    t.true(one.atMost > 1 || (await isOfOneRow(writer, one)), `${what} is not the key of one row`);
    t.deepEqual(await scansOf(writer, one), [], what);
  }
});

test('sums are asked for of the payments of a day alone', (t) => {
  const sums = everyLookup().filter(({ sum }) => sum !== undefined);
  t.deepEqual(
    sums.map(({ table, where, sum }) => [table, Object.keys(where), sum?.isByEntries]),
    [['payments', ['from_user_id', 'kind'], true]],
  );
});
