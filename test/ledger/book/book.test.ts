import test from 'ava';
import fc from 'fast-check';
import type { SessionRow } from '../../../db/tables/credentials.js';
import type { PaymentRow } from '../../../db/tables/payments.js';
import type { AccountRow } from '../../../db/tables/users.js';
import { LedgerBook } from '../../../server/ledger/book/ledger-book.js';
import { lookup, sumLookup } from '../../../server/ledger/book/lookup.js';
import { emptyBookState } from '../support/empty-book-state.js';

const account = (id: number, balance: number, userId: number | null = 100 + id): AccountRow => ({
  id,
  kind: 'customer',
  user_id: userId,
  currency: 'GBP',
  balance,
});

const session = (id: number, endedAt: number | null = null): SessionRow => ({
  ...{ id, user_id: 1, token_hash: `hash ${id}`, created_at: 1, expires_at: 2, ended_at: endedAt },
  ...{ address: '127.0.0.1', place: 'known', last_used_at: 1, idle_until: 2 },
});

const live = lookup('sessions', { user_id: 1, ended_at: null }, 10);

function bookWith(...accounts: readonly AccountRow[]): LedgerBook {
  const book = new LedgerBook(emptyBookState());
  book.load(
    accounts.map(({ id }) => lookup('accounts', { id })),
    accounts,
  );
  return book;
}

test('what was not loaded is a mistake of the rule, not an absence', (t) => {
  const book = bookWith(account(1, 1));
  t.throws(() => book.find('accounts', { id: 2 }), { message: /without saying that it reads it/ });
  t.throws(() => book.find('accounts', { user_id: 101 }), { message: /without saying that it reads it/ });
  t.is(book.peek('accounts', { id: 2 }), undefined);
});

test('what was looked for and is not there is an absence', (t) => {
  const book = new LedgerBook(emptyBookState());
  book.load([lookup('accounts', { id: 2 })], []);
  t.true(book.isLoaded(lookup('accounts', { id: 2 })));
  t.is(book.find('accounts', { id: 2 }), undefined);
  t.throws(() => book.get('accounts', { id: 2 }), { message: /There is no row of accounts/ });
});

test('a row that was found in another way is known by its primary key', (t) => {
  const book = new LedgerBook(emptyBookState());
  book.load([lookup('accounts', { user_id: 101 })], [account(1, 7)]);
  t.is(book.get('accounts', { id: 1 }).balance, 7);
});

test('loading again does not undo what the batch has decided', (t) => {
  const book = bookWith(account(1, 7));
  book.update('accounts', book.get('accounts', { id: 1 }), { balance: 5 });
  book.load([lookup('accounts', { user_id: 101 })], [account(1, 7)]);
  t.is(book.get('accounts', { user_id: 101 }).balance, 5);
});

test('rows are found by what they say now, inserted and changed ones included', (t) => {
  const book = new LedgerBook(emptyBookState());
  book.load([live], [session(1), session(2)]);
  book.insert('sessions', session(3));
  book.update('sessions', book.get('sessions', { id: 1 }), { ended_at: 9 });
  t.deepEqual(
    book.all('sessions', live).map(({ id }) => id),
    [2, 3],
  );
});

test('more rows than the bound of a lookup allows are a mistake of the rule, and so are two under a key of one', (t) => {
  const book = new LedgerBook(emptyBookState());
  const both = lookup('sessions', { user_id: 1, ended_at: null }, 2);
  book.load([both], [session(1), session(2)]);
  t.is(book.all('sessions', both).length, 2);
  t.throws(() => book.find('sessions', { user_id: 1, ended_at: null }), {
    message: /not the key of one row/,
  });
  book.insert('sessions', session(3));
  t.throws(() => book.all('sessions', both), {
    message: /There are 3 rows of sessions .* at most 2 may be read/,
  });
  t.throws(() => book.peekAll('sessions', both), { message: /at most 2 may be read/ });
});

test('what a row says for good is not changed', (t) => {
  const book = bookWith(account(1, 7));
  const row = book.get('accounts', { id: 1 });
  t.throws(() => book.update('accounts', row, { currency: 'USD' }), { message: /only balance may change/ });
  t.is(book.get('accounts', { id: 1 }).currency, 'GBP');
});

test('an update that changes nothing writes nothing', (t) => {
  const book = bookWith(account(1, 7));
  book.update('accounts', book.get('accounts', { id: 1 }), {});
  t.deepEqual(book.changes(), []);
});

test('a row that is inserted and then updated is written once, as it is in the end', (t) => {
  const book = new LedgerBook(emptyBookState());
  book.insert('accounts', account(1, 0));
  book.update('accounts', book.get('accounts', { id: 1 }), { balance: 5 });
  book.update('accounts', book.get('accounts', { id: 1 }), { balance: 6 });
  t.deepEqual(book.changes(), [{ table: 'accounts', inserted: [account(1, 6)], updated: [] }]);
});

test('changes come with a table before those that refer to it', (t) => {
  const book = bookWith(account(1, 7));
  book.insert('entries', {
    ...{ account_id: 1, kind: 'transfer', payment_id: 1, line: 1, amount: 1, balance_after: 8 },
  });
  book.insert('accounts', account(2, 0));
  t.deepEqual(
    book.changes().map(({ table }) => table),
    ['accounts', 'entries'],
  );
});

test('the head of the chain moves and is rolled back', (t) => {
  const book = new LedgerBook(emptyBookState());
  const mark = book.mark();
  book.update('chain_heads', book.head('payments'), { position: 1 });
  t.is(book.head('payments').position, 1);
  t.is(book.head('audit').position, 0);
  book.rollBackTo(mark);
  t.deepEqual([book.head('payments'), book.head('audit')], emptyBookState().heads);
});

type Act = { readonly is: 'insert' | 'update' | 'move'; readonly on: number; readonly value: number };

const anyActs: fc.Arbitrary<readonly Act[]> = fc.array(
  fc.record({
    is: fc.constantFrom('insert' as const, 'update' as const, 'move' as const),
    on: fc.nat({ max: 4 }),
    value: fc.nat({ max: 9 }),
  }),
  { maxLength: 30 },
);

function perform(book: LedgerBook, acts: readonly Act[]): void {
  for (const { is, on, value } of acts) {
    const there = book.find('accounts', { id: on + 1 });
    if (is === 'move') {
      book.update('chain_heads', book.head('payments'), { position: value });
    } else if (is === 'update' && there) {
      book.update('accounts', there, { balance: value });
    } else if (is === 'insert' && !there) {
      book.insert('accounts', account(on + 1, value, 50 + value));
    }
  }
}

const since = { column: 'created_at', from: 100 } as const;
const paidByAlice = sumLookup('payments', { from_user_id: 1, kind: 'transfer' }, since, 'sent_amount');

const paid = (id: number, given: Partial<PaymentRow>): PaymentRow => ({
  ...{ id, chain: 1, position: 1, kind: 'transfer', from_user_id: 1, to_user_id: 2 },
  ...{ sent_amount: 1, sent_currency: 'GBP', received_amount: 1, received_currency: 'GBP', rate: '1' },
  ...{
    memo: null,
    memo_folded: null,
    request_id: null,
    refund_of: null,
    corrects: null,
    act: null,
    created_at: 200,
  },
  rates_id: null,
  ...{ hash: '', ...given },
});

test('a sum is what the database has of it and what the batch has added since', (t) => {
  // The first payment is in the database already.
  const state = emptyBookState();
  const book = new LedgerBook({ ...state, newest: { ...state.newest, payments: 1 } });
  t.throws(() => book.sum(paidByAlice), { message: /without saying that it reads it/ });
  t.false(book.isLoaded(paidByAlice));
  book.load([paidByAlice], [{ sum: 40, first: 150 }]);
  t.true(book.isLoaded(paidByAlice));
  // One that the database has counted already, read in another way.
  book.load([lookup('payments', { id: 1 })], [paid(1, { sent_amount: 40, created_at: 150 })]);
  t.deepEqual(book.sum(paidByAlice), { sum: 40, first: 150 });
  book.insert('payments', paid(2, { sent_amount: 2 }));
  const mark = book.mark();
  book.insert('payments', paid(3, { sent_amount: 300 }));
  book.insert('payments', paid(4, { sent_amount: 5_000, kind: 'request' }));
  book.insert('payments', paid(5, { sent_amount: 60_000, from_user_id: 3 }));
  book.insert('payments', paid(6, { sent_amount: 700_000, created_at: 99 }));
  t.deepEqual(book.sum(paidByAlice), { sum: 342, first: 150 });
  book.rollBackTo(mark);
  t.deepEqual(book.sum(paidByAlice), { sum: 42, first: 150 });
});

test('a sum of nothing begins with what the batch adds', (t) => {
  const book = new LedgerBook(emptyBookState());
  book.load([paidByAlice], [{ sum: 0, first: null }]);
  t.deepEqual(book.sum(paidByAlice), { sum: 0, first: null });
  book.insert('payments', paid(2, { sent_amount: 2 }));
  t.deepEqual(book.sum(paidByAlice), { sum: 2, first: 200 });
});

test('sums and rows of the same table and values are read apart', (t) => {
  const book = new LedgerBook(emptyBookState());
  const rows = lookup('payments', { from_user_id: 1, kind: 'transfer' }, 5);
  book.load([rows], []);
  t.false(book.isLoaded(paidByAlice));
  book.load([paidByAlice], [{ sum: 7, first: 150 }]);
  t.deepEqual(book.all('payments', rows), []);
  t.is(book.sum(paidByAlice).sum, 7);
});

/** The sight of a book: all that can be seen of it. */
function sight(book: LedgerBook): unknown {
  const numbers = Array.from({ length: 10 }, (_, number) => number);
  return {
    head: book.head('payments'),
    byId: numbers.slice(1, 6).map((id) => book.find('accounts', { id })),
    byOwner: numbers.map((owner) =>
      book.all('accounts', lookup('accounts', { user_id: 50 + owner }, 10)).map(({ id }) => id),
    ),
    changes: book.changes().map(({ table, inserted, updated }) => ({ table, inserted, updated })),
  };
}

test('rolling back leaves a book as if what came after the mark had never been', (t) => {
  const rollsBack = fc.property(anyActs, anyActs, (before, after) => {
    const numbers = Array.from({ length: 10 }, (_, number) => number);
    const open = () => {
      const book = new LedgerBook(emptyBookState());
      book.load(
        numbers.slice(1, 6).map((id) => lookup('accounts', { id })),
        [account(1, 1, 51), account(2, 1, 51)],
      );
      book.load(
        numbers.map((owner) => lookup('accounts', { user_id: 50 + owner })),
        [],
      );
      perform(book, before);
      return book;
    };
    const [touched, untouched] = [open(), open()];
    const mark = touched.mark();
    perform(touched, after);
    touched.rollBackTo(mark);
    return JSON.stringify(sight(touched)) === JSON.stringify(sight(untouched));
  });
  t.notThrows(() => fc.assert(rollsBack, { numRuns: 2_000 }));
});

test('that there was nothing is forgotten no later than what was written there since', (t) => {
  const book = new LedgerBook(emptyBookState());
  const active = lookup('webhooks', { user_id: 51, status: 'active' }, 10);
  book.beginBatch();
  book.load([active], []);
  t.deepEqual(book.all('webhooks', active), []);
  book.insert('webhooks', {
    ...{ id: 1, user_id: 51, url: 'https://example.org', types: '*', secret: 's', status: 'active' },
    ...{ event_cursor: 0, created_at: 1, session_id: null, token_id: null },
  });
  // Nobody asks for it until it is in the database alone.
  book.beginBatch();
  book.beginBatch();
  t.false(book.isLoaded(active));
});
