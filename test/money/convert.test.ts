import test from 'ava';
import fc from 'fast-check';
import { convertDownAt, costAt } from '../../server/money/convert.js';
import { currencies, currencyOf } from '../../server/money/currency.js';
import { maxMinor } from '../../server/money/money.js';
import { rates } from '../../server/money/rates.js';
import { convertDown, costOf, rateText } from './built-in-rates.js';
import { longDivision, scaledRate } from './long-division.js';

const anyCode = fc.constantFrom(...currencies.map((currency) => currency.code));
const anyMinor = fc.oneof(fc.nat({ max: 10_000 }), fc.nat({ max: 100_000_000 }), fc.maxSafeNat());

test('the example of the contract: 10.00 GBP are 12.70 USD at 1.27', (t) => {
  t.is(convertDown(1000, 'GBP', 'USD'), 1270);
  t.is(costOf(1270, 'GBP', 'USD'), 1000);
  t.is(rateText('GBP', 'USD'), '1.27');
});

test('what is received rounds down and what it costs rounds up', (t) => {
  t.is(convertDown(1, 'GBP', 'USD'), 1);
  t.is(costOf(2, 'GBP', 'USD'), 2);
  t.is(convertDown(1, 'JPY', 'GBP'), 0);
  t.is(costOf(1, 'JPY', 'GBP'), 2);
  t.is(costOf(1, 'GBP', 'JPY'), 1);
});

test('each currency is counted in its own minor units', (t) => {
  t.is(convertDown(1, 'GBP', 'JPY'), 1);
  t.is(convertDown(100, 'GBP', 'JPY'), 190);
  t.is(convertDown(100, 'GBP', 'KWD'), 390);
  t.is(convertDown(1000, 'KWD', 'JPY'), 487);
});

test('nothing converts to nothing and costs nothing', (t) => {
  t.is(convertDown(0, 'GBP', 'JPY'), 0);
  t.is(costOf(0, 'GBP', 'JPY'), 0);
});

test('within one currency nothing changes, however large', (t) => {
  for (const { code } of currencies) {
    t.is(convertDown(maxMinor, code, code), maxMinor);
    t.is(costOf(maxMinor, code, code), maxMinor);
    t.is(rateText(code, code), '1');
  }
});

test('a result beyond 2^53 - 1 is none', (t) => {
  t.is(convertDown(maxMinor, 'GBP', 'USD'), undefined);
  t.is(costOf(maxMinor, 'USD', 'GBP'), undefined);
  t.is(convertDown(maxMinor, 'USD', 'GBP'), 7_092_282_877_748_811);
});

test('2^53 - 1 minor units are the last that a conversion gives or costs', (t) => {
  const [coarse, fine] = [
    { digits: 0, rate: '1' },
    { digits: 0, rate: '2' },
  ];
  const half = 2 ** 52;
  t.is(convertDownAt(half - 1, coarse, fine), maxMinor - 1);
  t.is(convertDownAt(half, coarse, fine), undefined);
  t.is(costAt(half - 1, fine, coarse), maxMinor - 1);
  t.is(costAt(half, fine, coarse), undefined);
});

test('what is no amount is an assertion that fails', (t) => {
  for (const wrong of [-1, 0.5, Number.NaN, 2 ** 53]) {
    t.throws(() => convertDown(wrong, 'GBP', 'USD'), { instanceOf: RangeError });
    t.throws(() => costOf(wrong, 'GBP', 'USD'), { instanceOf: RangeError });
  }
});

test('conversion agrees with long division on decimal strings in 20,000 random cases', (t) => {
  t.notThrows(() =>
    fc.assert(
      fc.property(anyMinor, anyCode, anyCode, (minor, from, to) => {
        const { dividend, divisor } = scaledRate(minor, from, to);
        const { quotient } = longDivision(dividend, divisor);
        const expected = BigInt(quotient) <= BigInt(maxMinor) ? quotient : undefined;
        return convertDown(minor, from, to)?.toString() === expected;
      }),
      { numRuns: 20_000 },
    ),
  );
});

test('the cost of a fixed amount agrees with long division on decimal strings in 20,000 random cases', (t) => {
  t.notThrows(() =>
    fc.assert(
      fc.property(anyMinor, anyCode, anyCode, (received, from, to) => {
        const { dividend, divisor } = scaledRate(received, to, from);
        const { quotient, isExact } = longDivision(dividend, divisor);
        const expected = isExact ? BigInt(quotient) : BigInt(quotient) + 1n;
        return (
          costOf(received, from, to)?.toString() ===
          (expected <= BigInt(maxMinor) ? `${expected}` : undefined)
        );
      }),
      { numRuns: 20_000 },
    ),
  );
});

test('more sent is never less received, and more received never costs less', (t) => {
  t.notThrows(() =>
    fc.assert(
      fc.property(anyMinor, anyMinor, anyCode, anyCode, (one, other, from, to) => {
        const [less, more] = one < other ? [one, other] : [other, one];
        const beyond = Number.POSITIVE_INFINITY;
        return (
          (convertDown(less, from, to) ?? beyond) <= (convertDown(more, from, to) ?? beyond) &&
          (costOf(less, from, to) ?? beyond) <= (costOf(more, from, to) ?? beyond)
        );
      }),
      { numRuns: 5_000 },
    ),
  );
});

test('there and back never gains, over any chain of currencies', (t) => {
  t.notThrows(() =>
    fc.assert(
      fc.property(
        anyMinor,
        anyCode,
        fc.array(anyCode, { minLength: 1, maxLength: 5 }),
        (minor, home, chain) => {
          let [held, at]: [number | undefined, string] = [minor, home];
          for (const next of [...chain, home]) {
            held = held === undefined ? undefined : convertDown(held, at, next);
            at = next;
          }
          return held === undefined || held <= minor;
        },
      ),
      { numRuns: 5_000 },
    ),
  );
});

test('fixed amounts there and back never gain', (t) => {
  t.notThrows(() =>
    fc.assert(
      fc.property(anyMinor, anyCode, anyCode, (minor, home, abroad) => {
        const cost = costOf(minor, home, abroad);
        const back = convertDown(minor, abroad, home);
        return cost === undefined || (back !== undefined && back <= cost);
      }),
      { numRuns: 5_000 },
    ),
  );
});

test('the cost is the smallest debit that delivers the fixed amount', (t) => {
  t.notThrows(() =>
    fc.assert(
      fc.property(anyMinor, anyCode, anyCode, (received, from, to) => {
        const cost = costOf(received, from, to);
        if (cost === undefined) {
          return convertDown(maxMinor, from, to) !== undefined;
        }
        const delivers = (debit: number) => convertDown(debit, from, to) ?? Number.POSITIVE_INFINITY;
        return delivers(cost) >= received && (cost === 0 || delivers(cost - 1) < received);
      }),
      { numRuns: 5_000 },
    ),
  );
});

test('rates have at most ten significant digits, no exponent and no trailing zeros', (t) => {
  for (const from of currencies) {
    for (const to of currencies) {
      const text = rateText(from.code, to.code);
      t.regex(text, /^(?:[1-9][0-9]*|0|(?:[1-9][0-9]*|0)\.[0-9]*[1-9])$/);
      t.true(text.replace('.', '').replace(/^0+/, '').length <= 10, text);
    }
  }
});

test('rates are the exact quotient, rounded to the nearest in the tenth significant digit', (t) => {
  for (const from of currencies) {
    for (const to of currencies) {
      const text = rateText(from.code, to.code);
      const [whole = '', decimals = ''] = text.split('.');
      const { dividend, divisor } = scaledRate(10 ** Math.abs(from.digits), from.code, to.code);
      const minorShift = 10n ** BigInt(currencyOf(to.code).digits);
      // |text - exact| <= half a unit of the tenth significant digit, with everything brought to whole numbers.
      const written = BigInt(whole + decimals) * BigInt(divisor) * minorShift;
      const exact = BigInt(dividend) * 10n ** BigInt(decimals.length);
      const difference = written > exact ? written - exact : exact - written;
      t.true(difference * 2n * 10n ** 9n <= exact, `${from.code} ${to.code} ${text}`);
    }
  }
});

test('a rate to the base currency and a small one are written out', (t) => {
  t.is(rateText('USD', 'GBP'), '0.7874015748');
  t.is(rateText('GBP', 'JPY'), rates.JPY ?? '');
  t.is(rateText('VND', 'KWD'), '0.00001213420317');
});
