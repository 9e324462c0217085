import type { GuessRow } from '../../../db/tables/credentials.js';
import type { Book } from '../../ledger/book/book.js';
import { type Lookup, lookup } from '../../ledger/book/lookup.js';
import type { GuessKey } from './guess-keys.js';

/** The longest wait, in microseconds. */
export const longestWaitMicros = 3_600_000_000;
/** The time without a failure after which failures are forgotten, in microseconds. */
export const forgottenAfterMicros = 24 * 3_600_000_000;

/** The lookups of noting guesses: one row for each key. */
export const guessReads = (keys: readonly Pick<GuessKey, 'key'>[]): readonly Lookup[] =>
  keys.map(({ key }) => lookup('guesses', { key }));

/** The counts after one more failure: beyond the free ones each wait is twice the one before, up to an hour. */
export function afterFailure(
  before: GuessRow | undefined,
  { key, free, firstWaitMicros }: GuessKey,
  now: number,
): GuessRow {
  const isFresh = before !== undefined && now - before.last_at < forgottenAfterMicros;
  const failures = (isFresh ? before.failures : 0) + 1;
  const beyond = failures - free;
  const wait = beyond < 0 ? 0 : Math.min(firstWaitMicros * 2 ** Math.min(beyond, 20), longestWaitMicros);
  return { key, failures, last_at: now, blocked_until: wait === 0 ? 0 : now + wait };
}

/** Counts a failure under each of the keys. */
export function noteFailure(book: Book, keys: readonly GuessKey[], now: number): void {
  for (const key of keys) {
    const before = book.find('guesses', { key: key.key });
    const { key: _key, ...counts } = afterFailure(before, key, now);
    if (before) {
      book.update('guesses', before, counts);
    } else {
      book.insert('guesses', { key: key.key, ...counts });
    }
  }
}

/**
 * Forgets the failures of a user, or of a user's place, since the secret was right. Those of a network stay: else whoever has an
 * account could guess at others' as often as they log in to their own.
 */
export function forgiveFailures(book: Book, keys: readonly GuessKey[]): void {
  for (const { key } of keys) {
    const before = key.startsWith('network ') ? undefined : book.find('guesses', { key });
    if (before && before.failures > 0) {
      book.update('guesses', before, { failures: 0, blocked_until: 0 });
    }
  }
}
