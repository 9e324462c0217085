import { hash, verify } from '@node-rs/argon2';
import test from 'ava';
import type { Refusal } from '../../../server/errors.js';
import { makePasswordHasher } from '../../../server/features/credentials/password-hash.js';

const hasherOfAll = makePasswordHasher();
const hashPassword = (password: string) => hasherOfAll.hash(password, 'a test');
const verifyPassword = (stored: string | undefined, password: string) =>
  hasherOfAll.verify(stored, password, 'a test');

test('a hash is Argon2id with 19 MiB, two passes and one lane, and salted', async (t) => {
  const [one, other] = await Promise.all([hashPassword('maple-7-otter'), hashPassword('maple-7-otter')]);
  t.regex(one ?? '', /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
  t.not(one, other);
  t.true(await verify(one ?? '', 'maple-7-otter'));
});

test('the right password fits its hash and any other does not', async (t) => {
  const stored = await hashPassword('maple-7-otter');
  t.true(await verifyPassword(stored, 'maple-7-otter'));
  for (const wrong of ['maple-7-otteR', 'maple-7-otter ', '', 'x'.repeat(1024)]) {
    t.false(await verifyPassword(stored, wrong));
  }
});

test('a hash of before, when compatibility characters were kept apart, still fits its password, and it alone', async (t) => {
  const before = await hash('\u2168 maple otter', { memoryCost: 19_456, timeCost: 2, parallelism: 1 });
  t.true(await verifyPassword(before, '\u2168 maple otter'));
  t.false(await verifyPassword(before, 'IX maple otter'));
});

test('a hash of other parameters is outdated', async (t) => {
  const { isOutdated } = makePasswordHasher();
  t.true(isOutdated(await hash('maple-7-otter', { memoryCost: 8_192, timeCost: 1, parallelism: 1 })));
  t.false(isOutdated(await hashPassword('maple-7-otter')));
});

test('a long password counts to its last character', async (t) => {
  const long = 'ä7'.repeat(512);
  const stored = await hashPassword(long);
  t.true(await verifyPassword(stored, long));
  t.false(await verifyPassword(stored, `${long.slice(0, -1)}8`));
});

test('the same characters typed on another system are the same password', async (t) => {
  const stored = await hashPassword('cafe\u0301 cre\u0300me');
  t.true(await verifyPassword(stored, 'caf\u00e9\u00a0cr\u00e8me'));
  t.true(await verifyPassword(await hashPassword('\uff4d\uff41ple otter'), 'maple otter'));
});

test.serial('without a stored hash the answer is no, after the same work', async (t) => {
  const stored = await hashPassword('maple-7-otter');
  const timeOf = async (of: string | undefined) => {
    const start = performance.now();
    t.false(await verifyPassword(of, 'wrong-password'));
    return performance.now() - start;
  };
  const ratios: number[] = [];
  for (let round = 0; round < 9; round += 1) {
    ratios.push((await timeOf(undefined)) / (await timeOf(stored)));
  }
  const median = ratios.sort((a, b) => a - b)[4] ?? 0;
  t.true(median > 1 / 3 && median < 3, `${median}`);
});

test('the main thread goes on while a password is hashed', async (t) => {
  let isDone = false;
  const hashing = hashPassword('maple-7-otter').then(() => {
    isDone = true;
  });
  let turns = 0;
  while (!isDone) {
    await new Promise(setImmediate);
    turns += 1;
  }
  await hashing;
  t.true(turns > 3, `${turns} turns`);
});

test('beyond its bounds it refuses instead of piling up work, and one network leaves room for the others', async (t) => {
  const hasher = makePasswordHasher({
    passwords: { ofOne: 1, inAll: 1 },
    passwordsWaiting: { ofOne: 1, inAll: 2 },
  });
  const settled = await Promise.allSettled([
    hasher.hash('one', 'here'),
    hasher.verify(undefined, 'two', 'here'),
    hasher.hash('three', 'here'),
    hasher.hash('four', 'there'),
    hasher.hash('five', 'elsewhere'),
  ]);
  t.deepEqual(
    settled.map((one) => (one.status === 'rejected' ? (one.reason as Refusal).code : 'done')),
    ['done', 'done', 'RATE_LIMITED', 'done', 'OVERLOADED'],
  );
});
