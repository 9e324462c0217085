import test from 'ava';
import { changeText } from '../../../../cli/admin/audit/audit-text.js';

test('what was so before and is not any more stands before what is so since', (t) => {
  t.is(changeText({ status: 'active' }, { status: 'frozen' }), 'status active → frozen');
  t.is(
    changeText(
      { balance: { amount: '1.00', currency: 'GBP' } },
      { balance: { amount: '1001.00', currency: 'GBP' }, paymentId: 'pay_1' },
      'en-GB',
    ),
    'balance 1.00 GBP → 1,001.00 GBP, payment id pay_1',
  );
});

test('what is new stands alone, what is gone says so, and what has not changed is left out', (t) => {
  t.is(changeText(null, { name: 'ci', scopes: ['read', 'pay'] }), 'name ci, scopes read, pay');
  t.is(changeText({ session: 'ses_1' }, null), 'session ses_1 → gone');
  t.is(
    changeText({ perDay: null, perPayment: null }, { perDay: 'none', perPayment: null }),
    'per day unset → none',
  );
  t.is(
    changeText({ mustChangePassword: false }, { mustChangePassword: true }),
    'must change password false → true',
  );
  t.is(changeText(null, null), '');
});

test('names that every object has are words like any other', (t) => {
  t.is(changeText({}, { constructor: 'x' }), 'constructor x');
  t.is(
    changeText({ hasOwnProperty: 1 }, { toString: { deep: [1] } }),
    'has own property 1 → gone, to string {"deep":[1]}',
  );
});
