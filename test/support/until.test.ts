import test from 'ava';
import { inTime, until } from './until.js';

const never = new Promise<never>(() => {});

test('what comes in time is given, and what fails fails as it does', async (t) => {
  t.is(await inTime('a word', Promise.resolve('yes')), 'yes');
  await t.throwsAsync(inTime('a word', Promise.reject(new Error('no'))), { message: 'no' });
  let looks = 0;
  t.is(await until('a third look', () => ++looks === 3 && looks), 3);
  t.is(await until('nothing', async () => 0), 0);
});

test('what does not come is named, at the end of patience', async (t) => {
  await t.throwsAsync(inTime('a word', never, 20), { message: 'In 0.02 s there was not: a word' });
  await t.throwsAsync(
    until(
      () => 'a look',
      () => false,
      30,
    ),
    { message: 'In 0.03 s there was not: a look' },
  );
});
