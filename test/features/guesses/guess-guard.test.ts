import test from 'ava';
import { makeGuessGuard } from '../../../server/features/guesses/guess-guard.js';
import type { GuessKey } from '../../../server/features/guesses/guess-keys.js';
import { afterFailure, longestWaitMicros } from '../../../server/features/guesses/note-guesses.js';
import { tolerableOffsetMicros } from '../../../server/ledger/settle-time.js';
import { usualFigures } from '../../../server/rate-figures.js';
import { makeDatabaseFile, openReadersOf, openWriterOf } from '../../db/support/database.js';

test('four tries of one user are looked at together, and another when one of them is over', async (t) => {
  const readers = openReadersOf(t, await makeDatabaseFile(t));
  const guard = makeGuessGuard({ readers, machineMicros: () => 1, figures: usualFigures });
  const holds: (() => void)[] = [];
  const attempt = (userId: number) =>
    guard.attempt(
      { userId, name: '', address: '192.0.2.1' },
      () => new Promise<void>((end) => holds.push(end)),
    );
  const isHeld = async (count: number) => {
    while (holds.length < count) {
      await readers.raw('select 1');
    }
  };
  const tries = [1, 2, 3, 4].map(() => attempt(1));
  await isHeld(4);
  const fifth = guard.attempt({ userId: 1, name: '', address: '192.0.2.1' }, async () => {});
  t.like(await t.throwsAsync(fifth), { code: 'RATE_LIMITED' });
  const ofAnother = attempt(2);
  await isHeld(5);
  holds[0]?.();
  await Promise.race(tries);
  const next = attempt(1);
  await isHeld(6);
  for (const end of holds) {
    end();
  }
  await t.notThrowsAsync(Promise.all([...tries, ofAnother, next]));
});

test('nobody waits longer than the longest wait: one from a clock that was ahead is none, and what failed then still counts', async (t) => {
  const file = await makeDatabaseFile(t);
  const readers = openReadersOf(t, file);
  const writer = openWriterOf(t, file);
  const now = 1_795_456_800_000_000;
  const guard = makeGuessGuard({ readers, machineMicros: () => now, figures: usualFigures });
  const guess = { userId: 1, name: '', address: '192.0.2.1' };
  const row = { key: 'user 1', failures: 17, last_at: now, blocked_until: 0 };
  await writer('guesses').insert(row);
  const farthest = now + longestWaitMicros + tolerableOffsetMicros;
  await writer('guesses').update({ blocked_until: farthest });
  t.like(await t.throwsAsync(guard.attempt(guess, async () => {})), { code: 'RATE_LIMITED' });
  await writer('guesses').update({ blocked_until: farthest + 1 });
  const next = await guard.attempt(guess, async ([key]) => {
    const ahead = { ...row, last_at: farthest, blocked_until: farthest + 1 };
    return afterFailure(ahead, key as GuessKey, now);
  });
  t.is(next.blocked_until, now + longestWaitMicros);
});

test('a place is known by the newest hundred of its user’s first log-ins from anywhere', async (t) => {
  const file = await makeDatabaseFile(t);
  const readers = openReadersOf(t, file);
  const writer = openWriterOf(t, file);
  const guard = makeGuessGuard({ readers, machineMicros: () => 1, figures: usualFigures });
  await writer.raw('pragma foreign_keys = off');
  const logIn = (id: number, address: string) =>
    writer('sessions').insert({
      ...{ id, user_id: 1, token_hash: Buffer.alloc(32, id), created_at: 1, expires_at: 10, ended_at: null },
      ...{ address, place: 'new', last_used_at: 1, idle_until: 10 },
    });
  const keyAt = (address: string) =>
    guard.attempt({ userId: 1, name: 'alice', address }, async ([first]) => first?.key);
  await logIn(1, '192.0.2.1');
  for (let id = 2; id <= 100; id += 1) {
    await logIn(id, `198.51.100.${id}`);
  }
  t.is(await keyAt('192.0.2.1'), 'place 1 192.0.2.1');
  await logIn(101, '198.51.100.101');
  t.is(await keyAt('192.0.2.1'), 'user 1');
  t.is(await keyAt('198.51.100.2'), 'place 1 198.51.100.2');
});
