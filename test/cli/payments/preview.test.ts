import test from 'ava';
import fc from 'fast-check';
import { preview } from '../../../cli/payments/preview.js';
import { typedSum } from '../../../cli/payments/typed-sum.js';
import { formatAmount } from '../../../server/money/format.js';
import { builtInRates } from '../../../server/money/rate-table.js';
import { currencyJson } from '../../../server/money/wire.js';
import { convertDown, costOf } from '../../money/built-in-rates.js';

const currencies = builtInRates.currencies.map(currencyJson);
const fromPoundsToDollars = { currencies, payer: 'GBP', receiver: 'USD', usual: 'GBP' };

test('a currency may stand behind an amount, in either case, with or without a space', (t) => {
  t.deepEqual(typedSum(' 10 '), { amount: '10' });
  t.deepEqual(typedSum('10 usd'), { amount: '10', currency: 'USD' });
  t.deepEqual(typedSum('10.50USD'), { amount: '10.50', currency: 'USD' });
  t.deepEqual(typedSum('1e3'), { amount: '1e3' });
  t.deepEqual(typedSum('usd'), { amount: '', currency: 'USD' });
  t.deepEqual(typedSum(''), { amount: '' });
});

test('the amount of either side is fixed, and the other side follows', (t) => {
  t.deepEqual(preview({ amount: '10' }, fromPoundsToDollars), {
    sent: { amount: '10.00', currency: 'GBP' },
    received: { amount: '12.70', currency: 'USD' },
  });
  t.deepEqual(preview({ amount: '10', currency: 'USD' }, fromPoundsToDollars), {
    sent: { amount: '7.88', currency: 'GBP' },
    received: { amount: '10.00', currency: 'USD' },
  });
});

test('what is no amount, too little, too much or in a third currency is said in a sentence', (t) => {
  const faultOf = (amount: string, currency?: string) => {
    const seen = preview({ amount, ...(currency !== undefined && { currency }) }, fromPoundsToDollars);
    return 'fault' in seen ? seen.fault : undefined;
  };
  t.regex(faultOf('1e3') ?? '', /without an exponent/);
  t.regex(faultOf('') ?? '', /digits/);
  t.is(faultOf('10', 'EUR'), 'Write it in GBP or USD.');
  t.is(faultOf('10', 'XYZ'), 'There is no currency XYZ here.');
  t.is(faultOf('90071992547409.91'), 'This is more than any balance can hold.');
  const toPounds = { currencies, payer: 'JPY', receiver: 'GBP', usual: 'JPY' };
  t.deepEqual(preview({ amount: '1' }, toPounds), {
    fault: 'This is too little: it would be nothing in GBP.',
  });
});

test('where the other currency is not known the amount alone is judged', (t) => {
  const sides = { ...fromPoundsToDollars, receiver: undefined };
  t.deepEqual(preview({ amount: '10' }, sides), { amount: { amount: '10.00', currency: 'GBP' } });
});

test('what is shown is to the last digit what the server reckons, for all currencies', (t) => {
  t.notThrows(() =>
    fc.assert(
      fc.property(
        fc.constantFrom(...currencies),
        fc.constantFrom(...currencies),
        fc.boolean(),
        fc.integer({ min: 1, max: 1_000_000_000 }),
        (from, to, isSentFixed, minor) => {
          const fixed = isSentFixed ? from : to;
          const seen = preview(
            { amount: formatAmount(minor, fixed), currency: fixed.code },
            { currencies, payer: from.code, receiver: to.code, usual: from.code },
          );
          const isSame = from.code === to.code;
          const sent = isSentFixed || isSame ? minor : costOf(minor, from.code, to.code);
          const received = !isSentFixed || isSame ? minor : convertDown(minor, from.code, to.code);
          if (received === 0) {
            return 'fault' in seen;
          }
          return (
            'sent' in seen &&
            seen.sent.amount === formatAmount(sent ?? 0, from) &&
            seen.received.amount === formatAmount(received ?? 0, to)
          );
        },
      ),
      { numRuns: 2_000 },
    ),
  );
});
