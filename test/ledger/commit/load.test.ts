import test from 'ava';
import { LedgerBook } from '../../../server/ledger/book/ledger-book.js';
import { type Lookup, lookup } from '../../../server/ledger/book/lookup.js';
import { loadBook } from '../../../server/ledger/commit/load.js';
import { emptyBookState } from '../support/empty-book-state.js';
import { openRealBooks } from '../support/real-books.js';

test('whoever misses something is asked again, also where what was read found nothing', async (t) => {
  const { writer } = await openRealBooks(t);
  const book = new LedgerBook(emptyBookState());
  book.beginBatch();
  // Each is asked for once the one before is known, as a rule asks that decides by what it finds.
  const asked: readonly Lookup[] = [
    lookup('payments', { refund_of: 1 }, 100),
    lookup('users', { username: 'nobody' }),
    lookup('users', { id: 999 }),
  ];
  await loadBook(writer, book, asked.slice(0, 1), () =>
    asked.filter((read) => !book.isLoaded(read)).slice(0, 1),
  );
  t.deepEqual(
    asked.map((read) => book.isLoaded(read)),
    asked.map(() => true),
  );
});

test('of those who together ask for more than may be read at once the first are read for', async (t) => {
  const { writer } = await openRealBooks(t);
  const book = new LedgerBook(emptyBookState());
  book.beginBatch();
  const asked = [1, 2, 3].map((decision) =>
    Array.from({ length: 4_000 }, (_, place) => lookup('users', { id: decision * 10_000 + place })),
  );
  const missing = (lookups: readonly Lookup[]) => lookups.filter((read) => !book.isLoaded(read));
  await loadBook(writer, book, asked, missing);
  t.deepEqual(
    asked.map((lookups) => missing(lookups).length),
    [0, 0, 4_000],
  );
});

test('who alone asks for more than may be read at once, or finds out in too many rounds, is refused', async (t) => {
  const { writer } = await openRealBooks(t);
  const book = new LedgerBook(emptyBookState());
  book.beginBatch();
  const users = Array.from({ length: 10_001 }, (_, place) => lookup('users', { id: 1_000 + place }));
  await t.throwsAsync(
    loadBook(writer, book, [users], (all) => all),
    { message: /10001 lookups are more than a rule may ask for/ },
  );
  const inRounds = async (rounds: number, first: number) => {
    const asked = users.slice(first, first + rounds);
    await loadBook(writer, book, [asked], (all) => all.filter((read) => !book.isLoaded(read)).slice(0, 1));
  };
  await t.notThrowsAsync(inRounds(8, 0));
  await t.throwsAsync(inRounds(9, 8), { message: /After 8 rounds a rule still asks for users/ });
});

test('the same questions are one statement, whoever comes first', async (t) => {
  const { writer } = await openRealBooks(t);
  const texts = new Set<string>();
  writer.on('query', ({ sql }) => texts.add(sql));
  const reads: readonly Lookup[] = [
    lookup('users', { id: 999 }),
    lookup('payments', { refund_of: 1 }, 100),
    lookup('blocks', { blocker_id: 1, blocked_id: 2 }),
  ];
  for (const order of [
    [0, 1, 2],
    [2, 0, 1],
    [1, 2, 0],
  ]) {
    const book = new LedgerBook(emptyBookState());
    book.beginBatch();
    const asked = order.map((place) => reads[place] as Lookup);
    await loadBook(writer, book, asked, (read) => (book.isLoaded(read) ? [] : [read]));
  }
  t.is(texts.size, 1);
});
