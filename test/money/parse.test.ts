import test from 'ava';
import fc from 'fast-check';
import { currencies, currencyOf } from '../../server/money/currency.js';
import { formatAmount } from '../../server/money/format.js';
import { type AmountFault, parseAmount } from '../../server/money/parse.js';

const anyCurrency = fc.constantFrom(...currencies);
const anyMinor = fc.oneof(
  fc.integer({ min: 1, max: 100_000 }),
  fc.maxSafeNat().filter((minor) => minor > 0),
  fc.constant(Number.MAX_SAFE_INTEGER),
);

function faultOf(text: unknown, code = 'GBP'): AmountFault | undefined {
  const parsed = parseAmount(text, currencyOf(code));
  return 'fault' in parsed ? parsed.fault : undefined;
}

const good: readonly (readonly [string, string, number])[] = [
  ['12.50', 'GBP', 1250],
  ['12.5', 'GBP', 1250],
  ['12', 'GBP', 1200],
  ['0.01', 'GBP', 1],
  ['0.1', 'GBP', 10],
  ['1500', 'JPY', 1500],
  ['1.234', 'KWD', 1234],
  ['0.001', 'KWD', 1],
  ['90071992547409.91', 'GBP', Number.MAX_SAFE_INTEGER],
  ['9007199254740991', 'JPY', Number.MAX_SAFE_INTEGER],
];

for (const [text, code, minor] of good) {
  test(`${text} ${code} is read as ${minor} minor units`, (t) => {
    t.deepEqual(parseAmount(text, currencyOf(code)), { minor });
  });
}

const malformed = [
  ['', 'in digits'],
  ['.', 'with a digit before the point'],
  ['-5', 'without a sign'],
  ['+5', 'without a sign'],
  ['-0', 'without a sign'],
  ['\u22125', 'without a sign'],
  ['1e3', 'without an exponent'],
  ['1E3', 'without an exponent'],
  ['1e-3', 'without an exponent'],
  ['0x10', 'in decimal digits'],
  ['0b11', 'in decimal digits'],
  ['010', 'without leading zeros'],
  ['00', 'without leading zeros'],
  ['00.50', 'without leading zeros'],
  ['1,000', 'without separators'],
  ['1,000.00', 'without separators'],
  ['12,50', 'without separators'],
  ['1_000', 'without separators'],
  ["1'000", 'without separators'],
  ['.5', 'with a digit before the point'],
  ['5.', 'with digits after the point'],
  ['1.2.3', 'in digits'],
  ['NaN', 'in digits'],
  ['Infinity', 'in digits'],
  ['£5', 'in digits'],
  ['5 GBP', 'without spaces'],
  [' 5', 'without spaces'],
  ['5 ', 'without spaces'],
  ['1 000', 'without spaces'],
  ['5\n', 'without spaces'],
  ['\t5', 'without spaces'],
  ['1\u00a0000', 'without spaces'],
  ['1\u202f000', 'without spaces'],
  ['٥', 'in the digits 0 to 9'],
  ['١٢٫٥٠', 'in the digits 0 to 9'],
  ['５', 'in the digits 0 to 9'],
  ['１２.５０', 'in the digits 0 to 9'],
  ['1२', 'in the digits 0 to 9'],
  ['5\u0000', 'in digits'],
  ['\u200b5', 'in digits'],
] as const;

function escaped(text: string): string {
  return JSON.stringify(text).replaceAll(
    /[^ -~]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

for (const [text, advice] of malformed) {
  test(`${escaped(text)} is refused and the message says "${advice}"`, (t) => {
    const parsed = parseAmount(text, currencyOf('GBP'));
    t.true('fault' in parsed);
    if ('fault' in parsed) {
      t.is(parsed.fault, 'malformed');
      t.true(parsed.message.includes(advice), parsed.message);
      t.true(parsed.message.includes('"12.50"'), parsed.message);
    }
  });
}

test('zero is refused in every spelling', (t) => {
  for (const text of ['0', '0.0', '0.00']) {
    t.is(faultOf(text), 'not_positive', text);
  }
});

test('more decimals than the currency has are refused, zeros too', (t) => {
  t.is(faultOf('1.234'), 'too_many_decimals');
  t.is(faultOf('1.230'), 'too_many_decimals');
  t.is(faultOf('1.0', 'JPY'), 'too_many_decimals');
  t.is(faultOf('1.2345', 'KWD'), 'too_many_decimals');
});

test('an amount beyond 2^53 - 1 minor units is refused', (t) => {
  t.is(faultOf('90071992547409.92'), 'too_large');
  t.is(faultOf('9007199254740992', 'JPY'), 'too_large');
  t.is(faultOf('9007199254740993'), 'too_large');
  t.is(faultOf('9'.repeat(32)), 'too_large');
});

test('whatever is not a string is refused, numbers included', (t) => {
  for (const value of [5, 12.5, 5n, NaN, null, undefined, true, ['5'], { amount: '5' }, new String('5')]) {
    t.is(faultOf(value), 'not_text');
  }
});

test('a text too long for any amount is refused without reading it', (t) => {
  t.is(faultOf('1'.repeat(33)), 'too_long');
  t.is(faultOf(`0.${'0'.repeat(50_000_000)}`), 'too_long');
});

test('every message gives an example that is itself accepted', (t) => {
  for (const currency of currencies) {
    const parsed = parseAmount('x', currency);
    const example = 'message' in parsed ? /"(.*)"/.exec(parsed.message)?.[1] : undefined;
    t.true('minor' in parseAmount(example, currency), currency.code);
  }
});

test('reading what was formatted gives the same minor units', (t) => {
  t.notThrows(() =>
    fc.assert(
      fc.property(anyMinor, anyCurrency, (minor, currency) => {
        const parsed = parseAmount(formatAmount(minor, currency), currency);
        return 'minor' in parsed && parsed.minor === minor;
      }),
      { numRuns: 20_000 },
    ),
  );
});

test('formatting what was read gives the same text, filled up with zeros', (t) => {
  const text = fc.stringMatching(/^(0|[1-9][0-9]{0,12})(\.[0-9]{1,3})?$/);
  t.notThrows(() =>
    fc.assert(
      fc.property(text, anyCurrency, (amount, currency) => {
        const parsed = parseAmount(amount, currency);
        if ('fault' in parsed) {
          return parsed.fault === 'not_positive' || parsed.fault === 'too_many_decimals';
        }
        const [whole = '', decimals = ''] = amount.split('.');
        const filled = decimals.padEnd(currency.digits, '0');
        return formatAmount(parsed.minor, currency) === (filled === '' ? whole : `${whole}.${filled}`);
      }),
      { numRuns: 20_000 },
    ),
  );
});

test('any text at all is either refused with a message or is its own canonical form but for zeros', (t) => {
  const nearly = fc.string({ unit: fc.constantFrom(...'0123456789.,-+eE _٥５x'), maxLength: 20 });
  t.notThrows(() =>
    fc.assert(
      fc.property(fc.oneof(fc.string(), nearly), anyCurrency, (text, currency) => {
        const parsed = parseAmount(text, currency);
        if ('fault' in parsed) {
          return parsed.message.endsWith('.');
        }
        return parsed.minor > 0 && formatAmount(parsed.minor, currency).startsWith(text);
      }),
      { numRuns: 20_000 },
    ),
  );
});
