import test from 'ava';
import fc from 'fast-check';
import { splitBill } from '../../../cli/requests/split-bill.js';

const someMinor = fc.oneof(
  fc.integer({ min: 1, max: 10_000 }),
  fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
);
const someShares = fc.integer({ min: 1, max: 200 });

test('the shares of any bill add up to it to the minor unit', (t) => {
  fc.assert(
    fc.property(someMinor, someShares, (minor, shares) => {
      const sum = splitBill(minor, shares).reduce((total, share) => total + BigInt(share), 0n);
      t.is(sum, BigInt(minor));
    }),
  );
});

test('there is one share for each, none differs from another by more than a unit, and the first bear more', (t) => {
  fc.assert(
    fc.property(someMinor, someShares, (minor, shares) => {
      const parts = splitBill(minor, shares);
      t.is(parts.length, shares);
      const [most = 0, least = 0] = [parts[0], parts.at(-1)];
      t.true(most - least <= 1 && least >= 0);
      t.true(parts.every((part, index) => index === 0 || part <= (parts[index - 1] ?? 0)));
    }),
  );
});

test('ten among three is 334, 333 and 333', (t) => {
  t.deepEqual(splitBill(1_000, 3), [334, 333, 333]);
  t.deepEqual(splitBill(2, 3), [1, 1, 0]);
});

test('nothing, less than nothing and parts of units cannot be shared, nor anything by nobody', (t) => {
  for (const [minor, shares] of [
    [0, 1],
    [-1, 1],
    [1.5, 1],
    [2 ** 53, 1],
    [1, 0],
    [1, 0.5],
    [Number.NaN, 1],
  ] as const) {
    t.throws(() => splitBill(minor, shares), { instanceOf: RangeError }, `${minor} among ${shares}`);
  }
});
