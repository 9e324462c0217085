import test from 'ava';
import type { GuessRow } from '../../../db/tables/credentials.js';
import { guessKeys } from '../../../server/features/guesses/guess-keys.js';
import {
  afterFailure,
  forgiveFailures,
  forgottenAfterMicros,
  guessReads,
  noteFailure,
} from '../../../server/features/guesses/note-guesses.js';
import { LedgerBook } from '../../../server/ledger/book/ledger-book.js';
import { networkOf } from '../../../server/network.js';
import { usualFigures } from '../../../server/rate-figures.js';
import { emptyBookState } from '../../ledger/support/empty-book-state.js';

const secondMicros = 1_000_000;
const key = { key: 'user 1', free: 3, firstWaitMicros: 30 * secondMicros };

test('after the free failures each wait is twice the one before, up to an hour', (t) => {
  let row: GuessRow | undefined;
  let now = 1_000 * secondMicros;
  const waits: number[] = [];
  for (let count = 0; count < 12; count += 1) {
    row = afterFailure(row, key, now);
    waits.push(row.blocked_until === 0 ? 0 : (row.blocked_until - now) / secondMicros);
    now = Math.max(now, row.blocked_until);
  }
  t.deepEqual(waits, [0, 0, 30, 60, 120, 240, 480, 960, 1_920, 3_600, 3_600, 3_600]);
  t.is(row?.failures, 12);
  const last = Number(row?.last_at);
  t.is(afterFailure(row, key, last + forgottenAfterMicros - 1).failures, 13);
  t.is(afterFailure(row, key, last + forgottenAfterMicros).failures, 1);
});

test('who knows the secret is forgiven failures of their own, and not those of the network', (t) => {
  const book = new LedgerBook(emptyBookState());
  const keys = ['user 1', 'network 5', 'place 1 192.0.2.1'].map((name) => ({ ...key, key: name }));
  for (const read of guessReads(keys)) {
    book.load([read], []);
  }
  noteFailure(book, keys, secondMicros);
  forgiveFailures(book, keys);
  t.deepEqual(
    keys.map((one) => book.get('guesses', { key: one.key }).failures),
    [0, 1, 0],
  );
});

test('at a place that the user knows a failure counts there alone; elsewhere for the user and the network', (t) => {
  const guess = { userId: 7, name: 'alice', network: '192.0.2.1' };
  const keys = (isKnownPlace: boolean, other: Partial<typeof guess> = {}) =>
    guessKeys({ ...guess, ...other, isKnownPlace }, usualFigures).map((one) => one.key);
  t.deepEqual(keys(true), ['place 7 192.0.2.1']);
  const [account, network] = keys(false);
  t.is(account, 'user 7');
  t.regex(network ?? '', /^network \d+$/);
  const names = new Set(['nobody', 'no-one', 'alice'].map((name) => keysOfNobody(name)[0]));
  t.is(names.size, 3);
});

const keysOfNobody = (name: string) =>
  guessKeys({ userId: undefined, name, network: '192.0.2.1', isKnownPlace: false }, usualFigures).map(
    (one) => one.key,
  );

test('a network is an IPv4 address, or a /64, however it is written', (t) => {
  t.is(networkOf('192.0.2.1'), '192.0.2.1');
  for (const address of ['2001:db8:1:2::1', '2001:0db8:1:2:3:4:5:6', '2001:db8:1:2:ffff::']) {
    t.is(networkOf(address), '2001:db8:1:2::/64');
  }
  t.is(networkOf('::1'), '0:0:0:0::/64');
  t.is(networkOf('2001:db8::5'), '2001:db8:0:0::/64');
});
