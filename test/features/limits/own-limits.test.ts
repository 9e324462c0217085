import test from 'ava';
import { ownLimitsJson } from '../../../server/features/limits/wire.js';

test('of a day in which more went to and fro than an amount can say, the most that it can is said', (t) => {
  const paid = { minor: 3 * Number.MAX_SAFE_INTEGER, firstAt: 1_795_370_400_000_000 };
  const { data } = ownLimitsJson({ perPayment: null, perDay: 5_000 }, paid, 'GBP');
  const gbp = (amount: string) => ({ amount, currency: 'GBP' });
  t.like(data[0], { total: gbp('50.00'), used: gbp('90071992547409.91'), remaining: gbp('0.00') });
  t.is(data.length, 1);
});
