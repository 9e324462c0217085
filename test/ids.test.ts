import test from 'ava';
import fc from 'fast-check';
import { type IdPrefix, publicId, rowNumber } from '../server/ids.js';

const prefixes = ['usr', 'pay', 'ses', 'tok', 'req', 'evt', 'whk', 'dlv', 'aud'] as const;
const anyPrefix = fc.constantFrom<IdPrefix>(...prefixes);
const anyNumber = fc.integer({ min: 1, max: 2 ** 50 - 1 });

test('an id is its prefix and ten characters of Crockford base 32', (t) => {
  const formed = fc.property(anyPrefix, anyNumber, (prefix, number) =>
    new RegExp(`^${prefix}_[0-9A-HJKMNP-TV-Z]{10}$`).test(publicId(prefix, number)),
  );
  t.notThrows(() => fc.assert(formed, { numRuns: 2_000 }));
  t.is(publicId('pay', 0), 'pay_0000000000');
  t.is(publicId('pay', 32 * 32 + 31), 'pay_000000010Z');
});

test('an id leads back to its row, and to no row of another kind', (t) => {
  const leadsBack = fc.property(anyPrefix, anyPrefix, anyNumber, (prefix, other, number) => {
    const id = publicId(prefix, number);
    return rowNumber(prefix, id) === number && (other === prefix || rowNumber(other, id) === undefined);
  });
  t.notThrows(() => fc.assert(leadsBack, { numRuns: 2_000 }));
});

test('ids sort as the numbers of their rows', (t) => {
  const sorts = fc.property(anyPrefix, anyNumber, anyNumber, (prefix, one, other) => {
    const [left, right] = [publicId(prefix, one), publicId(prefix, other)];
    return one === other ? left === right : left < right === one < other;
  });
  t.notThrows(() => fc.assert(sorts, { numRuns: 2_000 }));
});

for (const text of [
  '',
  'pay_',
  'pay_1',
  'pay_000000000I',
  'pay_000000000a',
  'pay_00000000000',
  'PAY_0000000001',
  'pay_0000000000',
]) {
  test(`"${text}" is no id of a payment`, (t) => {
    t.is(rowNumber('pay', text), undefined);
  });
}

test('a number that cannot be kept exactly is no id', (t) => {
  for (const number of [-1, 0.5, 2 ** 50, Number.MAX_SAFE_INTEGER, Number.NaN]) {
    t.throws(() => publicId('pay', number), { message: /cannot be an id/ });
  }
});
