import test from 'ava';
import fc from 'fast-check';
import { balanceAfter } from '../../../../cli/admin/payments/adjustment.js';
import { currencies } from '../../../../server/money/currency.js';
import { moneyJson } from '../../../../server/money/format.js';

test('the balance after is exact in every currency, however large it is', (t) => {
  const amount = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
  fc.assert(
    fc.property(fc.constantFrom(...currencies), amount, amount, ({ code: currency }, one, other) => {
      const [less, more] = [Math.min(one, other), Math.max(one, other)];
      const money = (minor: number) => moneyJson({ minor, currency });
      t.deepEqual(balanceAfter(money(less), money(more - less), 'credit'), money(more));
      t.deepEqual(balanceAfter(money(more), money(more - less), 'debit'), money(less));
    }),
  );
});

test('in a currency that is not known here the decimals that are written count; between two nothing is guessed', (t) => {
  const of = (currency: string) => ({ amount: '1.00', currency });
  t.deepEqual(balanceAfter(of('XXX'), of('XXX'), 'credit'), { amount: '2.00', currency: 'XXX' });
  t.is(balanceAfter(of('GBP'), of('USD'), 'credit'), null);
});
