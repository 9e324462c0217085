import test from 'ava';
import { latestText } from '../../../cli/payments/ask-partner.js';
import type { PaymentJson } from '../../../server/features/payments/wire.js';

const at = '2026-11-22T18:00:00.000000Z';
const reader = { locale: 'en-GB', now: () => new Date(at) };
const sum = { amount: '5.00', currency: 'GBP' };
const payment = {
  id: 'pay_1',
  from: 'alice',
  to: 'bob',
  sent: sum,
  received: sum,
  createdAt: at,
} as PaymentJson;

test('what was done last between two is told as it was: paid, or given back', (t) => {
  const told = (kind: PaymentJson['kind'], direction: 'sent' | 'received') =>
    latestText({ ...payment, kind, direction }, reader);
  t.is(told('transfer', 'sent'), 'you paid 5.00 GBP, just now');
  t.is(told('transfer', 'received'), 'paid you 5.00 GBP, just now');
  t.is(told('refund', 'sent'), 'you gave 5.00 GBP back, just now');
  t.is(told('refund', 'received'), 'gave 5.00 GBP back, just now');
});
