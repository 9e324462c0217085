import test from 'ava';
import { isMore } from '../../server/money/fraction.js';

test('decimals are compared to their last digit, however they are spelled', (t) => {
  for (const [less, more] of [
    ['9', '10'],
    ['0.1', '0.11'],
    ['90071992547409.92', '90071992547409.93'],
    ['9007199254740992', '9007199254740993'],
    ['1', '1.0000000000000000001'],
  ] as const) {
    t.true(isMore(more, less), `${more} ${less}`);
    t.false(isMore(less, more), `${less} ${more}`);
  }
  t.false(isMore('12.5', '12.50'));
  t.false(isMore('12.50', '12.5'));
});
