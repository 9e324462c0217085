import test from 'ava';
import { makeGuessGuard } from '../../../server/features/guesses/guess-guard.js';
import { usualFigures } from '../../../server/rate-figures.js';
import { makeDatabaseFile, openReadersOf } from '../../db/support/database.js';

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
  await tries[0];
  const next = attempt(1);
  await isHeld(6);
  for (const end of holds) {
    end();
  }
  await t.notThrowsAsync(Promise.all([...tries, ofAnother, next]));
});
