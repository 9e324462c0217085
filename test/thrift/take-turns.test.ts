import test from 'ava';
import { takeTurns } from '../../thrift/take-turns.js';

const nextRound = () => new Promise<void>((resolve) => setImmediate(resolve));

test('a round of the event loop grants so many turns, in the order of asking', async (t) => {
  const turn = takeTurns(2);
  const granted: number[] = [];
  const all = [1, 2, 3, 4, 5].map((who) => turn({ isNewcomer: false }).then(() => granted.push(who)));
  t.deepEqual(granted, []);
  await nextRound();
  t.deepEqual(granted, [1, 2]);
  await nextRound();
  t.deepEqual(granted, [1, 2, 3, 4]);
  await Promise.all(all);
  t.deepEqual(granted, [1, 2, 3, 4, 5]);
});

test('newcomers come before the others, and the others still have their turn', async (t) => {
  const turn = takeTurns(2);
  const granted: string[] = [];
  const take = (who: string, isNewcomer: boolean) => turn({ isNewcomer }).then(() => granted.push(who));
  const all = [take('a', false), take('b', false), take('new', true)];
  await nextRound();
  t.deepEqual(granted, ['new', 'a']);
  await Promise.all([...all, take('newer', true)]);
  t.deepEqual(granted, ['new', 'a', 'newer', 'b']);
});
