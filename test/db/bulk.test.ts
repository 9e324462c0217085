import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import test from 'ava';
import fc from 'fast-check';
import { insertRows, selectMatching, selectSums, updateRows } from '../../db/bulk.js';
import type { Database } from '../../db/connect.js';
import { openNew } from '../../db/connect.js';
import { transact } from '../../db/transact.js';
import { makeFolder } from './support/database.js';

interface Thing {
  readonly id: number;
  readonly name: string | null;
  readonly amount: number | null;
}

async function makeThings(t: ExecutionContext): Promise<Database> {
  const database = openNew(join(await makeFolder(t), 'things.db'));
  t.teardown(() => database.destroy());
  await database.schema.createTable('things', (table) => {
    table.bigInteger('id').primary();
    table.string('name');
    table.bigInteger('amount');
    table.index(['name']);
  });
  return database;
}

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.constantFrom(
    '',
    '1',
    '1e3',
    '-0',
    'null',
    'true',
    '[]',
    '{"a":1}',
    '"',
    '\\',
    '\\u0000',
    "'; drop table things; --",
    '\0',
    'a\0b',
    '\u007f',
    '\u2028',
    '\ufeff',
    '\uffff',
    '🦦',
    '?',
    ':a',
    '$1',
  ),
);
const integer = fc.oneof(
  fc.maxSafeInteger(),
  fc.constantFrom(0, 1, 2 ** 53 - 1, -(2 ** 53 - 1), 2 ** 31, -(2 ** 31)),
);
const things = fc
  .array(fc.tuple(fc.option(text), fc.option(integer)), { minLength: 1, maxLength: 20 })
  .map((values) =>
    values.map(
      ([name, amount], index): Thing => ({ id: index + 1, name, amount: amount === 0 ? 0 : amount }),
    ),
  );

const byId = (rows: readonly Thing[]) => [...rows].sort((a, b) => a.id - b.id);
const keyOf = ({ name, amount }: Thing) => JSON.stringify([name, amount]);

test('what is inserted is read back as it was, whatever text and whatever safe integers', async (t) => {
  const database = await makeThings(t);
  await fc.assert(
    fc.asyncProperty(things, async (rows) => {
      await transact(database, async (trx) => {
        await trx('things').delete();
        await insertRows(trx, 'things', rows);
      });
      t.deepEqual(await database<Thing>('things').orderBy('id'), rows);
    }),
    { numRuns: 150 },
  );
});

test('the rows that match are those with the same values, and null is the same as null', async (t) => {
  const database = await makeThings(t);
  await fc.assert(
    fc.asyncProperty(things, fc.array(fc.nat(30), { maxLength: 10 }), async (rows, places) => {
      const wanted = places.flatMap((place) => rows[place] ?? []);
      const keys = new Map(wanted.map((row) => [keyOf(row), [row.name, row.amount]]));
      const found = await transact(database, async (trx) => {
        await trx('things').delete();
        await insertRows(trx, 'things', rows);
        return selectMatching<Thing>(
          trx,
          'things',
          ['name', 'amount'],
          [...keys.values(), ['no such name', 7]],
        );
      });
      t.deepEqual(
        byId(found),
        rows.filter((row) => keys.has(keyOf(row))),
      );
    }),
    { numRuns: 150 },
  );
});

test('an update changes the named columns of the named rows and nothing else', async (t) => {
  const database = await makeThings(t);
  await fc.assert(
    fc.asyncProperty(things, fc.option(text), integer, async (rows, name, amount) => {
      const changed = rows.filter(({ id }) => id % 2 === 1).map((row) => ({ ...row, name, amount }));
      await transact(database, async (trx) => {
        await trx('things').delete();
        await insertRows(trx, 'things', rows);
        await updateRows(trx, 'things', ['id'], ['amount'], changed);
      });
      const expected = rows.map((row) => (row.id % 2 === 1 ? { ...row, amount } : row));
      t.deepEqual(await database<Thing>('things').orderBy('id'), expected);
    }),
    { numRuns: 150 },
  );
});

test('an update of a row that is not there throws, and takes back the others', async (t) => {
  const database = await makeThings(t);
  const rows: Thing[] = [1, 2].map((id) => ({ id, name: null, amount: 1 }));
  await transact(database, (trx) => insertRows(trx, 'things', rows));
  const error = await t.throwsAsync(
    transact(database, (trx) =>
      updateRows(
        trx,
        'things',
        ['id'],
        ['amount'],
        [
          { id: 1, amount: 5 },
          { id: 3, amount: 5 },
        ],
      ),
    ),
  );
  t.is(error?.message, '2 rows of things were to change, 1 did.');
  t.deepEqual(await database('things').orderBy('id'), rows);
});

test('a sum is of the rows that match and are not before the given value, zero where there are none', async (t) => {
  const database = await makeThings(t);
  const small = fc.integer({ min: -1_000, max: 1_000 });
  const rowsOf = fc.array(fc.tuple(fc.constantFrom('a', 'b'), small), { minLength: 1, maxLength: 20 });
  const keysOf = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.nat(22)), { maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(rowsOf, keysOf, async (values, keys) => {
      const rows = values.map(([name, amount], index): Thing => ({ id: index + 1, name, amount }));
      const sums = await transact(database, async (trx) => {
        await trx('things').delete();
        await insertRows(trx, 'things', rows);
        return selectSums(trx, 'things', { columns: ['name'], since: 'id', sum: 'amount' }, keys);
      });
      const expected = keys.map(([name, from]) => {
        const those = rows.filter((row) => row.name === name && row.id >= from);
        const sum = those.reduce((total, { amount }) => total + Number(amount), 0);
        return { sum, first: those[0]?.id ?? null };
      });
      t.deepEqual(sums, expected);
    }),
    { numRuns: 150 },
  );
});

test('no keys match no rows', async (t) => {
  const database = await makeThings(t);
  await transact(database, (trx) => insertRows(trx, 'things', [{ id: 1, name: null, amount: null }]));
  t.deepEqual(await selectMatching(database, 'things', ['name'], []), []);
});

test('thousands of rows are one statement', async (t) => {
  const database = await makeThings(t);
  const rows = Array.from(
    { length: 5_000 },
    (_, index): Thing => ({ id: index, name: `n${index}`, amount: -index || 0 }),
  );
  const statements: string[] = [];
  database.on('query', ({ sql }: { sql: string }) => statements.push(sql));
  await transact(database, (trx) => insertRows(trx, 'things', rows));
  const found = await selectMatching<Thing>(
    database,
    'things',
    ['name'],
    rows.map(({ name }) => [name]),
  );
  t.deepEqual(byId(found), rows);
  t.is(statements.filter((sql) => /things/.test(sql)).length, 2);
});
