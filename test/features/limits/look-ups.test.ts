import test from 'ava';
import type { Knex } from 'knex';
import { selectMatching } from '../../../db/bulk.js';
import { selectPaid } from '../../../db/select-paid.js';
import { dayMicros } from '../../../server/features/limits/day.js';
import { readPaid } from '../../../server/features/limits/limit-store.js';
import { makeDatabaseFile, openWriterOf } from '../../db/support/database.js';
import { alice, payment as paid, writeStory } from '../../db/support/rows.js';
import { payment, registration } from '../../ledger/support/callers.js';
import { numberOf } from '../../ledger/support/outcomes.js';
import { openRealBooks } from '../../ledger/support/real-books.js';

test('what was paid within a day is summed, and likely duplicates are found, without reading other payments', async (t) => {
  const writer = openWriterOf(t, await makeDatabaseFile(t));
  await writeStory(writer);
  const asked: { readonly sql: string; readonly bindings: readonly Knex.RawBinding[] }[] = [];
  writer.on('query', (query) => asked.push(query));
  const upTo = 9;
  t.deepEqual(await selectPaid(writer, [[alice.id, 'transfer', 1]], upTo), [
    { sum: 100, first: 2, from: 1, upTo },
  ]);
  t.deepEqual(await readPaid(writer, alice.id, 2), { minor: 100, firstAt: 2 });
  t.deepEqual(await readPaid(writer, alice.id, 2 + dayMicros), { minor: 0, firstAt: null });
  const columns = ['from_user_id', 'to_user_id', 'act'];
  const newest = { by: 2, among: 256 };
  const alike = { table: 'payments', columns, nulls: [false, false, false], atMost: 1, newest } as const;
  const keys = [
    [paid.from_user_id, paid.to_user_id, paid.act],
    [paid.from_user_id, paid.to_user_id, 8],
  ];
  t.is((await selectMatching(writer, alike, keys)).length, 1);
  const plans = await Promise.all(
    asked.map(async ({ sql, bindings }) => {
      const steps: { detail: string }[] = await writer.raw(`explain query plan ${sql}`, bindings);
      return steps.map(({ detail }) => detail).filter((detail) => /(?:SCAN|SEARCH) [aemprt]\b/.test(detail));
    }),
  );
  const theFirst = ['SEARCH m USING INTEGER PRIMARY KEY (rowid=?)'];
  const byEntries = [
    'SEARCH a USING COVERING INDEX accounts_user_id_unique (user_id=?) LEFT-JOIN',
    // What has come, what has gone, and the first that counts.
    ...Array(3).fill(
      'SEARCH e USING PRIMARY KEY (account_id=? AND kind=? AND payment_id>? AND payment_id<?)',
    ),
    'SEARCH p USING INTEGER PRIMARY KEY (rowid=?)',
  ];
  t.deepEqual(plans, [
    ...[theFirst, byEntries, theFirst, byEntries, theFirst, byEntries],
    [
      'SEARCH t USING INTEGER PRIMARY KEY (rowid=?)',
      'SEARCH r USING COVERING INDEX payments_between (from_user_id=? AND to_user_id=?)',
    ],
  ]);
});

test('where nothing is limited, a batch asks for neither limits nor sums', async (t) => {
  const { ledger, writer } = await openRealBooks(t);
  const names = ['alice', 'bob', 'carol'];
  const users = await Promise.all(names.map((name) => ledger.decide(registration(name))));
  const statements: string[] = [];
  writer.on('query', ({ sql }: { readonly sql: string }) => statements.push(sql));
  const outcomes = await Promise.all(
    users.map((user, place) => ledger.decide(payment(numberOf('usr', user), names[(place + 1) % 3] ?? ''))),
  );
  t.deepEqual(
    outcomes.map(({ status }) => status),
    [201, 201, 201],
  );
  t.true(statements.some((sql) => sql.startsWith('insert into payment_batches')));
  t.is(statements.filter((sql) => sql.includes('"limits"')).length, 0);
  t.is(statements.filter((sql) => sql.includes('sum(')).length, 0);
});
