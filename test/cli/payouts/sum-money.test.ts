import test from 'ava';
import fc from 'fast-check';
import { shortfall, sumMoney } from '../../../cli/payouts/sum-money.js';
import { currencies } from '../../../server/money/currency.js';
import { formatAmount } from '../../../server/money/format.js';

test('sums are exact, one for each currency', (t) => {
  const part = fc.record({
    minor: fc.integer({ min: 0, max: 1_000_000_000_000 }),
    currency: fc.constantFrom(...currencies),
  });
  fc.assert(
    fc.property(fc.array(part, { maxLength: 50 }), (parts) => {
      const sums = sumMoney(
        parts.map(({ minor, currency }) => ({
          amount: formatAmount(minor, currency),
          currency: currency.code,
        })),
      );
      for (const { amount, currency: code } of sums) {
        const same = parts.filter(({ currency }) => currency.code === code);
        const [first] = same;
        const minor = same.reduce((sum, one) => sum + one.minor, 0);
        t.is(amount, first === undefined ? '' : formatAmount(minor, first.currency));
      }
    }),
  );
});

test('sums beyond what a number holds lose no digit', (t) => {
  const most = { amount: '90071992547409.91', currency: 'GBP' };
  t.deepEqual(sumMoney([most, most, most]), [{ amount: '270215977642229.73', currency: 'GBP' }]);
});

test('what is missing is the difference, and nothing where there is enough', (t) => {
  const money = (amount: string) => ({ amount, currency: 'GBP' });
  t.deepEqual(shortfall(money('10.00'), money('9.99')), money('0.01'));
  t.is(shortfall(money('10.00'), money('10.00')), undefined);
});
