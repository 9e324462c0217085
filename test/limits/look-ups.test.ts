import test from 'ava';
import { selectMatching, selectSums } from '../../db/bulk.js';
import { makeDatabaseFile, openWriterOf } from '../db/support/database.js';
import { writeStory } from '../db/support/rows.js';
import { payment, registration } from '../ledger/support/callers.js';
import { bodyOf } from '../ledger/support/outcomes.js';
import { openRealBooks } from '../ledger/support/real-books.js';

test('what was paid within a day is summed, and likely duplicates are found, by an index of their own', async (t) => {
  const writer = openWriterOf(t, await makeDatabaseFile(t));
  await writeStory(writer);
  const asked: string[] = [];
  writer.on('query', ({ sql }: { readonly sql: string }) => asked.push(sql));
  const paid = { columns: ['from_user_id', 'kind'], since: 'created_at', sum: 'sent_amount' };
  const sums = await selectSums(writer, 'payments', paid, [['usr_alice', 'transfer', 1]]);
  t.deepEqual(sums, [{ sum: 100, first: 2 }]);
  const between = ['from_user_id', 'to_user_id', 'kind'];
  const key = ['usr_alice', 'usr_bob', 'transfer', 1];
  t.is((await selectMatching(writer, 'payments', between, [key], 'created_at')).length, 1);
  const plans = await Promise.all(
    asked.map(async (sql) => {
      const steps: { detail: string }[] = await writer.raw(`explain query plan ${sql}`, ['[]']);
      return steps.map(({ detail }) => detail).filter((detail) => /\bt\b/.test(detail));
    }),
  );
  t.deepEqual(plans, [
    ['SEARCH t USING COVERING INDEX payments_paid (from_user_id=? AND kind=? AND created_at>?) LEFT-JOIN'],
    ['SEARCH t USING INDEX payments_paid (from_user_id=? AND kind=? AND created_at>?)'],
  ]);
});

test('where nothing is limited, a batch asks for limits once and for no sums', async (t) => {
  const { ledger, writer } = await openRealBooks(t);
  const names = ['alice', 'bob', 'carol'];
  const users = await Promise.all(names.map((name) => ledger.decide(registration(name))));
  const statements: string[] = [];
  writer.on('query', ({ sql }: { readonly sql: string }) => statements.push(sql));
  const outcomes = await Promise.all(
    users.map((user, place) => ledger.decide(payment(bodyOf(user).id, names[(place + 1) % 3] ?? ''))),
  );
  t.deepEqual(
    outcomes.map(({ status }) => status),
    [201, 201, 201],
  );
  const batches = statements.filter((sql) => sql.startsWith('COMMIT')).length;
  t.is(statements.filter((sql) => sql.includes('"limits"')).length, batches);
  t.is(statements.filter((sql) => sql.includes('sum(')).length, 0);
});
