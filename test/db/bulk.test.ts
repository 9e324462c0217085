import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import test from 'ava';
import fc from 'fast-check';
import { selectEach, selectMatching, selectSums } from '../../db/bulk.js';
import type { Database } from '../../db/connect.js';
import { openNew } from '../../db/connect.js';
import type { AuditRow } from '../../db/tables/acts.js';
import { tables } from '../../db/tables.js';
import { makeFolder } from './support/database.js';
import { limit, record } from './support/rows.js';
import { storedRow } from './support/stored-rows.js';

/** Any text and any number: what matters here of a row. */
const thing = (id: number, subject: string | null, actor_id: number | null): AuditRow => ({
  ...record,
  ...{ id, subject, actor_id },
});

/** A table of one of ours by name and columns, and without its constraints. */
async function makeThings(t: ExecutionContext): Promise<Database> {
  const database = openNew(join(await makeFolder(t), 'things.db'));
  t.teardown(() => database.destroy());
  const columns = tables.audit.columns.map((column) => `"${column}"`).join(', ');
  await database.raw(`create table audit (${columns.replace('"id"', 'id integer primary key')})`);
  await database.raw('create index audit_subject on audit (subject)');
  return database;
}

async function fill(database: Database, rows: readonly AuditRow[]): Promise<void> {
  await database('audit').delete();
  await database.batchInsert(
    'audit',
    rows.map((row) => storedRow('audit', row)),
    100,
  );
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
    values.map(([subject, actor_id], index) => thing(index + 1, subject, actor_id === 0 ? 0 : actor_id)),
  );

const byId = (rows: readonly AuditRow[]) => [...rows].sort((a, b) => a.id - b.id);

const bySubject = { table: 'audit', columns: ['subject'], nulls: [false], atMost: 5_000 } as const;

test('the rows that match are those with the same values, as they were written', async (t) => {
  const database = await makeThings(t);
  await fc.assert(
    fc.asyncProperty(things, fc.array(fc.nat(30), { maxLength: 10 }), async (rows, places) => {
      await fill(database, rows);
      const wanted = places.flatMap((place) => rows[place] ?? []);
      for (const atMost of [1, 20]) {
        for (const [isSubjectNull, isActorNull] of [
          [false, false],
          [false, true],
          [true, false],
          [true, true],
        ] as const) {
          const isAlike = ({ subject, actor_id }: AuditRow) =>
            (subject === null) === isSubjectNull && (actor_id === null) === isActorNull;
          const keyOf = ({ subject, actor_id }: AuditRow) => JSON.stringify([subject, actor_id]);
          const keys = new Map(
            wanted.filter(isAlike).map((row) => [keyOf(row), [row.subject, row.actor_id]]),
          );
          const found = await selectMatching<AuditRow>(
            database,
            {
              ...{ table: 'audit', columns: ['subject', 'actor_id'], atMost },
              nulls: [isSubjectNull, isActorNull],
            },
            [...keys.values()],
          );
          t.deepEqual(
            byId(found),
            rows.filter((row) => keys.has(keyOf(row))),
          );
        }
      }
    }),
    { numRuns: 60 },
  );
});

test('of rows that are more than the bound one beyond it is read, so that it shows, and no more', async (t) => {
  const database = await makeThings(t);
  await fill(
    database,
    [1, 2, 3, 4, 5].map((id) => thing(id, 'a', id)),
  );
  for (const [atMost, ids] of [
    [2, [3, 4, 5]],
    [4, [1, 2, 3, 4, 5]],
    [5, [1, 2, 3, 4, 5]],
  ] as const) {
    const found = await selectMatching<AuditRow>(database, { ...bySubject, atMost }, [['a']]);
    t.deepEqual(
      byId(found).map(({ id }) => id),
      ids,
    );
  }
});

test('the newest row is looked for among so many of the newest that have the first values, and no more', async (t) => {
  const database = await makeThings(t);
  await fill(
    database,
    [7, 7, 8, 8].map((actor, index) => thing(index + 1, 'a', actor)),
  );
  const columns = ['subject', 'actor_id'];
  for (const [among, ids] of [
    [2, []],
    [3, [2]],
    [4, [2]],
  ] as const) {
    const newest = { by: 1, among };
    const matching = { table: 'audit', columns, nulls: [false, false], atMost: among, newest } as const;
    const found = await selectMatching<AuditRow>(database, matching, [['a', 7]]);
    t.deepEqual(
      found.map(({ id }) => id),
      ids,
    );
  }
});

test('a sum is of the rows that match, are not before the given value nor after the given number', async (t) => {
  const database = await makeThings(t);
  const small = fc.integer({ min: -1_000, max: 1_000 });
  const rowsOf = fc.array(fc.tuple(fc.constantFrom('a', 'b'), small), { minLength: 1, maxLength: 20 });
  const keysOf = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.nat(22)), { maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(rowsOf, keysOf, fc.nat(22), async (values, keys, upTo) => {
      const rows = values.map(([subject, amount], index) => thing(index + 1, subject, amount));
      await fill(database, rows);
      const summing = { table: 'audit', columns: ['subject'], sinceColumn: 'id', sum: 'actor_id' } as const;
      const sums = await selectSums(database, summing, keys, upTo);
      const expected = keys.map(([subject, from]) => {
        const those = rows.filter((row) => row.subject === subject && row.id >= from && row.id <= upTo);
        const sum = those.reduce((total, { actor_id }) => total + Number(actor_id), 0);
        return { sum, first: those[0]?.id ?? null };
      });
      t.deepEqual(sums, expected);
    }),
    { numRuns: 100 },
  );
});

test('no keys match no rows', async (t) => {
  const database = await makeThings(t);
  await fill(database, [thing(1, null, null)]);
  t.deepEqual(await selectMatching(database, bySubject, []), []);
});

test('thousands of keys are one statement', async (t) => {
  const database = await makeThings(t);
  const rows = Array.from({ length: 5_000 }, (_, index) => thing(index, `n${index}`, -index || 0));
  await fill(database, rows);
  const statements: string[] = [];
  database.on('query', ({ sql }: { sql: string }) => statements.push(sql));
  const found = await selectMatching<AuditRow>(
    database,
    { ...bySubject, atMost: 1 },
    rows.map(({ subject }) => [subject]),
  );
  t.deepEqual(byId(found), rows);
  t.is(statements.length, 1);
});

test('several questions in one statement find what each of them finds alone, hashes and odd texts included', async (t) => {
  const database = await makeThings(t);
  await database.raw(
    'create table limits (subject text, user_id integer, currency text, per_payment integer, per_day integer)',
  );
  await fc.assert(
    fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 8 }), async (subjects) => {
      await fill(
        database,
        subjects.map((subject, index) => thing(index + 1, subject, index)),
      );
      await database('limits').delete();
      await database('limits').insert(
        subjects.map((subject) => ({ ...limit, subject, per_payment: Number.MAX_SAFE_INTEGER })),
      );
      const [here] = subjects;
      const questions = [
        { matching: { ...bySubject, atMost: 20 }, keys: subjects.map((subject) => [subject]) },
        {
          matching: { ...bySubject, table: 'limits', atMost: 1 },
          keys: [[here ?? null], ['nowhere to be found']],
        },
        { matching: { ...bySubject, atMost: 1 }, keys: [['nowhere to be found']] },
      ] as const;
      const statements: string[] = [];
      const note = ({ sql }: { sql: string }) => statements.push(sql);
      database.on('query', note);
      const found = await selectEach(database, questions);
      database.off('query', note);
      t.is(statements.length, 1);
      for (const [index, { matching, keys }] of questions.entries()) {
        const alone = await selectMatching<object>(database, matching, keys);
        const sorted = (rows: readonly object[] = []) => rows.map((row) => JSON.stringify(row)).sort();
        t.deepEqual(sorted(found[index]), sorted(alone));
      }
    }),
    { numRuns: 60 },
  );
});
