import test from 'ava';
import { Refusal } from '../../../server/errors.js';
import { makeEstimateThread } from '../../../server/features/credentials/estimate-thread.js';
import { undividedShares } from '../../../server/rate-figures.js';

/** A thread whose callers are all one. */
const ofAll = (deadlineMs?: number) => {
  const estimate = makeEstimateThread(undividedShares, deadlineMs);
  return (password: string) => estimate(password, 'a test');
};

test('the worst of passwords leaves the main thread to others, and a deadline ends what takes too long', async (t) => {
  const estimate = ofAll();
  t.true((await estimate('password1')) < 1_000);
  let isDone = false;
  const judging = estimate('4@8({[</369&#!1/|0$5+7%2/4@8({[</369&#!1/|0$5+7%2/'.repeat(20)).then(() => {
    isDone = true;
  });
  let turns = 0;
  while (!isDone) {
    await new Promise(setImmediate);
    turns += 1;
  }
  await judging;
  t.true(turns > 1, `${turns} turns`);
  const hurried = ofAll(1);
  const refusal = await t.throwsAsync(hurried('velvet-anchor-77'), { instanceOf: Refusal });
  t.is(refusal.code, 'OVERLOADED');
  t.true((await estimate('velvet-anchor-77')) > 1e6);
});

test('of many that wait together each gets its own estimate', async (t) => {
  const estimate = ofAll();
  const [common, good, other] = await Promise.all(['password', 'velvet-anchor-77', 'qwertyui'].map(estimate));
  t.true(Number(common) < 1e6 && Number(good) > 1e6 && Number(other) < 1e6);
});
