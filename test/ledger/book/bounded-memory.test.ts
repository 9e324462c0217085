import test from 'ava';
import type { TableName } from '../../../db/rows.js';
import { tables } from '../../../db/tables.js';
import { mostKnownKeys } from '../../../server/ledger/book/known-tables.js';
import { LedgerBook } from '../../../server/ledger/book/ledger-book.js';
import type { Lookup } from '../../../server/ledger/book/lookup.js';
import { PaidSums } from '../../../server/ledger/book/paid-sums.js';
import { RecentWrites } from '../../../server/ledger/book/recent-writes.js';
import { emptyBookState } from '../support/empty-book-state.js';

/** How often a book looks whether it knows too much, in batches. */
const looksEvery = 64;

for (const [table, most] of Object.entries(mostKnownKeys) as [TableName, number][]) {
  test(`a book knows at most ${most} keys of ${table}, and forgets those used longest ago`, (t) => {
    t.true(most <= 60_000);
    const book = new LedgerBook(emptyBookState());
    const readOf = (id: number): Lookup => ({
      ...{ table, atMost: 1 },
      where: Object.fromEntries(tables[table].primaryKey.map((column) => [column, id])),
    });
    const reads = Array.from({ length: most + 1 }, (_, id) => readOf(id + 1));
    const half = Math.floor(most / 2);
    for (const part of [reads.slice(0, half), reads.slice(half)]) {
      book.beginBatch();
      book.load(part, []);
    }
    for (let batch = 0; batch < looksEvery; batch += 1) {
      book.beginBatch();
    }
    t.deepEqual(
      [reads[0], reads.at(-1)].map((read) => book.isLoaded(read as Lookup)),
      [false, true],
    );
  });
}

test('the sums of twenty thousand are kept, and the one asked for longest ago goes first', (t) => {
  const sums = new PaidSums();
  const sum = { sum: 5, from: 1, upTo: 2 };
  for (let userId = 1; userId <= 20_000; userId += 1) {
    sums.keep([userId, 'transfer', 0], sum);
  }
  const of = (userId: number) => sums.get([userId, 'transfer', 0]);
  t.deepEqual(of(1), sum);
  sums.keep([1, 'transfer', 0], sum);
  sums.keep([20_001, 'transfer', 0], sum);
  t.deepEqual([of(1), of(2), of(20_001)], [sum, undefined, sum]);
});

test('the users who repeat keys are remembered by the ten thousand, the newest of them', (t) => {
  const recentWrites = new RecentWrites(0, []);
  const mayRepeat = (user_id: number) =>
    recentWrites.mayFind({ table: 'idempotency_keys', where: { user_id, key: 'new' }, atMost: 1 });
  for (let userId = 1; userId <= 10_000; userId += 1) {
    recentWrites.noteRepeater(userId);
  }
  t.deepEqual([1, 10_000, 10_001].map(mayRepeat), [true, true, false]);
  recentWrites.noteRepeater(1);
  recentWrites.noteRepeater(10_001);
  t.deepEqual([1, 2, 10_001].map(mayRepeat), [true, false, true]);
});
