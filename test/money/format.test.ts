import test from 'ava';
import fc from 'fast-check';
import { currencies, currencyOf } from '../../server/money/currency.js';
import { formatAmount, formatForPeople, moneyJson } from '../../server/money/format.js';
import { isSafeMinor, maxMinor } from '../../server/money/money.js';

test('machines get all decimals of the currency and no grouping', (t) => {
  t.is(formatAmount(1250, currencyOf('GBP')), '12.50');
  t.is(formatAmount(5, currencyOf('GBP')), '0.05');
  t.is(formatAmount(0, currencyOf('GBP')), '0.00');
  t.is(formatAmount(-0, currencyOf('GBP')), '0.00');
  t.is(formatAmount(1500, currencyOf('JPY')), '1500');
  t.is(formatAmount(1, currencyOf('KWD')), '0.001');
  t.is(formatAmount(maxMinor, currencyOf('GBP')), '90071992547409.91');
});

test('a negative amount has a leading minus', (t) => {
  t.is(formatAmount(-1250, currencyOf('GBP')), '-12.50');
  t.is(formatAmount(-5, currencyOf('GBP')), '-0.05');
  t.is(formatAmount(-1500, currencyOf('JPY')), '-1500');
  t.is(formatAmount(-maxMinor, currencyOf('JPY')), '-9007199254740991');
});

test('what is not minor units cannot be formatted', (t) => {
  for (const wrong of [1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53]) {
    t.throws(() => formatAmount(wrong, currencyOf('GBP')), { instanceOf: RangeError });
    t.throws(() => formatForPeople(wrong, currencyOf('GBP'), 'en'), { instanceOf: RangeError });
  }
});

test('the text for machines is never in exponent form, and its digits are the minor units', (t) => {
  t.notThrows(() =>
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.constantFrom(...currencies), (minor, currency) => {
        const text = formatAmount(minor, currency);
        const decimals = text.split('.')[1] ?? '';
        return (
          /^-?(0|[1-9][0-9]*)(\.[0-9]+)?$/.test(text) &&
          decimals.length === currency.digits &&
          BigInt(text.replace('.', '')) === BigInt(minor)
        );
      }),
      { numRuns: 20_000 },
    ),
  );
});

test('people get the form of their locale', (t) => {
  const plain = (text: string) => text.replaceAll(/[\u00a0\u202f]/g, ' ');
  t.is(formatForPeople(123_456_789, currencyOf('GBP'), 'en-GB'), '£1,234,567.89');
  t.is(plain(formatForPeople(123_456_789, currencyOf('EUR'), 'de-DE')), '1.234.567,89 €');
  t.is(plain(formatForPeople(123_456_789, currencyOf('INR'), 'en-IN')), '₹12,34,567.89');
  t.is(plain(formatForPeople(1234, currencyOf('KWD'), 'en-GB')), 'KWD 1.234');
  t.is(formatForPeople(-1250, currencyOf('GBP'), 'en-GB'), '-£12.50');
  t.is(formatForPeople(500_000, currencyOf('HUF'), 'en').slice(-8), '5,000.00');
});

test('people see every digit of the largest amounts', (t) => {
  t.is(formatForPeople(maxMinor, currencyOf('GBP'), 'en-GB'), '£90,071,992,547,409.91');
  t.is(formatForPeople(maxMinor - 1, currencyOf('KWD'), 'en-GB').slice(-21), '9,007,199,254,740.990');
  t.notThrows(() =>
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.constantFrom(...currencies), (minor, currency) => {
        const shown = formatForPeople(minor, currency, 'en');
        return shown.replaceAll(/[^0-9.]/g, '') === formatAmount(minor, currency);
      }),
      { numRuns: 1_000 },
    ),
  );
});

test('money in an answer is its decimal string and its currency', (t) => {
  t.deepEqual(moneyJson({ minor: 1250, currency: 'GBP' }), { amount: '12.50', currency: 'GBP' });
  t.throws(() => moneyJson({ minor: 1, currency: 'XXX' }), { instanceOf: RangeError });
});

test('minor units are safe integers, negative ones too', (t) => {
  t.deepEqual([0, -1, maxMinor, -maxMinor].map(isSafeMinor), [true, true, true, true]);
  t.deepEqual([0.5, 2 ** 53, Number.NaN].map(isSafeMinor), [false, false, false]);
});
