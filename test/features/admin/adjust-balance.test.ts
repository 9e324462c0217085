import test from 'ava';
import fc from 'fast-check';
import { auditBooks } from '../../ledger/support/audit.js';
import { bodyOf, numberOf } from '../../ledger/support/outcomes.js';
import { adjustment, change, makeOffice, type Order } from './support/office.js';
import { isRefused } from './support/refused.js';

const keyed = (order: Order, key: string): Order => ({ ...order, key });

test('a credit comes from the issuance account, and the user and the trail are told why', (t) => {
  const office = makeOffice();
  const outcome = office.do(keyed(adjustment('root', 'alice', '12.5', 'credit'), 'a'));
  const body = bodyOf(outcome);
  t.deepEqual([outcome.status, outcome.location], [201, `/v1/admin/payments/${body.id}`]);
  const money = { amount: '12.50', currency: 'GBP' };
  t.like(body, { kind: 'adjustment', direction: null, from: null, to: 'alice', memo: 'because' });
  t.like(body, { sent: money, received: money, rate: '1', balanceAfter: null, refunded: null });
  t.is(office.balanceOf('alice'), 101_250);
  const told = office.toldTo('alice').at(-1);
  t.is(told?.type, 'payment.received');
  t.like(told?.data, { id: body.id, direction: 'received', balanceAfter: { amount: '1012.50' } });
  t.is(office.trail.length, 1);
  t.like(office.trail[0], { action: 'payment.adjusted', subject: 'alice', reason: 'because' });
  t.deepEqual(JSON.parse(office.trail[0]?.before ?? ''), {
    balance: { amount: '1000.00', currency: 'GBP' },
  });
  t.deepEqual(JSON.parse(office.trail[0]?.after ?? ''), {
    balance: { amount: '1012.50', currency: 'GBP' },
    paymentId: body.id,
  });
  t.deepEqual(auditBooks(office.tables), []);
});

test('a debit goes back to the issuance account, to the last penny', (t) => {
  const office = makeOffice();
  const body = bodyOf(office.do(keyed(adjustment('root', 'alice', '1000.00', 'debit'), 'a')));
  t.like(body, { from: 'alice', to: null, sent: { amount: '1000.00', currency: 'GBP' } });
  t.is(office.balanceOf('alice'), 0);
  const told = office.toldTo('alice').at(-1);
  t.is(told?.type, 'payment.debited');
  t.like(told?.data, { direction: 'sent', balanceAfter: { amount: '0.00' } });
  t.deepEqual(auditBooks(office.tables), []);
});

test('no debit takes more than there is', (t) => {
  const office = makeOffice();
  const refusal = isRefused(t, office, adjustment('root', 'alice', '1000.01', 'debit'), 'INSUFFICIENT_FUNDS');
  t.like(bodyOf(refusal), {
    status: 409,
    available: { amount: '1000.00', currency: 'GBP' },
    required: { amount: '1000.01', currency: 'GBP' },
  });
  t.is(office.balanceOf('alice'), 100_000);
});

test('no debit takes more than was issued in the currency', (t) => {
  const office = makeOffice();
  const pay = { senderId: office.idOf('alice'), to: 'carol', amount: { minor: 10_000, currency: 'GBP' } };
  const payment = {
    by: 'alice',
    rule: 'send-payment',
    input: { ...pay, memo: null, maxDebit: null },
  } as const;
  t.is(office.do(keyed(payment, 'p')).status, 201);
  t.is(office.balanceOf('carol'), 12_700);
  isRefused(t, office, adjustment('root', 'carol', '0.01', 'debit'), 'INVALID_AMOUNT');
  t.is(office.do(keyed(adjustment('root', 'carol', '1.00', 'credit'), 'a')).status, 201);
  isRefused(t, office, adjustment('root', 'carol', '1.01', 'debit'), 'INVALID_AMOUNT');
  t.is(office.do(keyed(adjustment('root', 'carol', '1.00', 'debit'), 'b')).status, 201);
  t.deepEqual(auditBooks(office.tables), []);
});

test('a correction names a payment of the one whose balance it is, and one has twenty at most', (t) => {
  const office = makeOffice();
  const pay = { senderId: office.idOf('alice'), to: 'bob', amount: { minor: 100, currency: 'GBP' } };
  const input = { ...pay, memo: null, maxDebit: null };
  const paid = bodyOf(office.do({ by: 'alice', rule: 'send-payment', input, key: 'p' }));
  const correction = (name: string, corrects: string): Order => {
    const order = adjustment('root', name, '0.01', 'credit');
    return { ...order, input: { ...order.input, corrects } };
  };
  for (const [name, corrects] of [
    ['carol', paid.id],
    ['alice', `${paid.id}0`],
    ['alice', 'pay_none'],
  ] as const) {
    const refusal = isRefused(t, office, correction(name, corrects), 'VALIDATION_FAILED');
    t.regex(bodyOf(refusal).detail, new RegExp(`is no payment of ${name}`));
  }
  const orders = Array.from({ length: 20 }, (_, place) =>
    keyed(correction(place % 2 === 0 ? 'alice' : 'bob', paid.id), `c${place}`),
  );
  t.true(office.doTogether(orders).every(({ status }) => status === 201));
  isRefused(t, office, correction('alice', paid.id), 'VALIDATION_FAILED');
  t.is(office.balanceOf('alice') + office.balanceOf('bob'), 200_020);
});

test('amounts are read in the user’s currency, by the one grammar', (t) => {
  const office = makeOffice();
  for (const amount of ['0.00', '-1.00', '1.001', '1e3', '', '1,00', '99999999999999999']) {
    isRefused(t, office, adjustment('root', 'alice', amount, 'credit'), 'INVALID_AMOUNT');
  }
  isRefused(t, office, adjustment('root', 'alice', '90071992547409.91', 'credit'), 'INVALID_AMOUNT');
});

test('nobody adjusts their own balance, and nobody but an administrator that of others', (t) => {
  const office = makeOffice();
  isRefused(t, office, adjustment('root', 'root', '1.00', 'credit'), 'FORBIDDEN');
  isRefused(t, office, adjustment('alice', 'bob', '1.00', 'debit'), 'FORBIDDEN');
  isRefused(t, office, adjustment(null, 'bob', '1.00', 'credit'), 'FORBIDDEN');
  isRefused(t, office, adjustment('root', 'nobody', '1.00', 'credit'), 'USER_NOT_FOUND');
  office.do(change('root', 'second', { status: 'frozen' }));
  isRefused(t, office, adjustment('second', 'bob', '1.00', 'credit'), 'ACCOUNT_FROZEN');
});

test('a frozen account can be adjusted either way', (t) => {
  const office = makeOffice();
  office.do(change('root', 'alice', { status: 'frozen' }));
  t.is(office.do(keyed(adjustment('root', 'alice', '1.00', 'credit'), 'a')).status, 201);
  t.is(office.do(keyed(adjustment('root', 'alice', '3.00', 'debit'), 'b')).status, 201);
  t.is(office.balanceOf('alice'), 99_800);
});

test('a dry run says what would happen and writes nothing', (t) => {
  const office = makeOffice();
  const before = structuredClone(office.tables);
  const outcome = office.do({ ...adjustment('root', 'alice', '1.00', 'debit'), isDryRun: true });
  t.is(outcome.status, 200);
  t.like(bodyOf(outcome), { id: null, kind: 'adjustment', from: 'alice', to: null });
  isRefused(
    t,
    office,
    { ...adjustment('root', 'alice', '1000.01', 'debit'), isDryRun: true },
    'INSUFFICIENT_FUNDS',
  );
  t.deepEqual(office.tables, before);
});

test('the same key adjusts once', (t) => {
  const office = makeOffice();
  const order = keyed(adjustment('root', 'alice', '1.00', 'credit'), 'k');
  const [first, second] = [office.do(order), office.do(order)];
  t.deepEqual([second.isReplay, second.json], [true, first.json]);
  t.is(office.balanceOf('alice'), 100_100);
  t.is(office.trail.length, 1);
  isRefused(t, office, keyed(adjustment('root', 'alice', '2.00', 'credit'), 'k'), 'IDEMPOTENCY_KEY_REUSED');
});

test('an adjustment cannot be given back', (t) => {
  const office = makeOffice();
  const paymentId = numberOf('pay', office.do(keyed(adjustment('root', 'alice', '1.00', 'credit'), 'a')));
  const input = { userId: office.idOf('alice'), paymentId, amount: null, reason: null };
  isRefused(t, office, { by: 'alice', rule: 'refund-payment', input, key: 'r' }, 'NOT_REFUNDABLE');
});

test('whatever is adjusted, the books balance, nobody owes, and the trail gives every balance', (t) => {
  const whom = fc.constantFrom('alice', 'bob', 'carol');
  const amount = fc.integer({ min: 1, max: 150_000 }).map((minor) => (minor / 100).toFixed(2));
  const anyAdjustment = fc.record({ whom, amount, direction: fc.constantFrom('credit', 'debit') });
  fc.assert(
    fc.property(fc.array(anyAdjustment, { maxLength: 20 }), (adjustments) => {
      const office = makeOffice();
      const orders = adjustments.map(({ whom: name, amount: text, direction }, index) =>
        keyed(adjustment('root', name, text, direction as 'credit' | 'debit'), `k${index}`),
      );
      const done = office.doTogether(orders).filter(({ status }) => status === 201);
      t.is(office.trail.length, done.length);
      t.deepEqual(auditBooks(office.tables), []);
      for (const name of ['alice', 'bob', 'carol'] as const) {
        const last = office.trail.findLast(({ subject }) => subject === name);
        const after = last && JSON.parse(last.after ?? '').balance.amount;
        t.true(office.balanceOf(name) >= 0);
        t.true(last === undefined || after === (office.balanceOf(name) / 100).toFixed(2));
      }
    }),
    { numRuns: 60 },
  );
});
