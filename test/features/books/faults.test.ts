import test from 'ava';
import type { EntryRow, PaymentRow } from '../../../db/tables/payments.js';
import type { RequestRow } from '../../../db/tables/requests.js';
import type { AccountRow } from '../../../db/tables/users.js';
import { currencyFigures } from '../../../server/features/books/currency-figures.js';
import { type Accounts, accountFaults } from '../../../server/features/books/faults/accounts.js';
import { Chains, type Link } from '../../../server/features/books/faults/chains.js';
import { followEntries, paymentFaults } from '../../../server/features/books/faults/payment-faults.js';
import { refundFaults } from '../../../server/features/books/faults/refund-faults.js';
import { requestFaults } from '../../../server/features/books/faults/request-faults.js';
import { exchangeAccountId } from '../../../server/ledger/system-accounts.js';
import {
  aliceAccount,
  bobAccount,
  carol,
  credit,
  debit,
  exchange,
  issuance,
  payment,
  request,
} from '../../db/support/rows.js';

const dollars: AccountRow = { ...exchange, id: exchangeAccountId('USD'), currency: 'USD' };
const carolAccount: AccountRow = { ...bobAccount, id: 3, user_id: carol.id, currency: 'USD' };

const accountsOf = (...rows: readonly AccountRow[]): Accounts =>
  new Map(rows.map((row) => [row.id, { row, sum: row.balance, left: row.balance }]));

const everyone = () => accountsOf(aliceAccount, bobAccount, carolAccount, issuance, exchange, dollars);

const entry = (line: number, account_id: number, amount: number): EntryRow => ({
  ...{ account_id, kind: payment.kind, payment_id: payment.id, line, amount, balance_after: 0 },
});

const conversion: PaymentRow = {
  ...payment,
  to_user_id: carol.id,
  received_amount: 127,
  received_currency: 'USD',
};
const converted = [
  entry(1, aliceAccount.id, -100),
  entry(2, exchange.id, 100),
  entry(3, dollars.id, -127),
  entry(4, carolAccount.id, 127),
];

test('nothing is wrong with payments that were booked as the ledger does', (t) => {
  t.deepEqual(paymentFaults(payment, [debit, credit], everyone()), []);
  t.deepEqual(paymentFaults(conversion, converted, everyone()), []);
  const opening = { ...payment, kind: 'opening_credit', from_user_id: null } as const;
  t.deepEqual(paymentFaults(opening, [{ ...debit, account_id: issuance.id }, credit], everyone()), []);
  const taken = { ...payment, kind: 'adjustment', to_user_id: null } as const;
  t.deepEqual(paymentFaults(taken, [debit, { ...credit, account_id: issuance.id }], everyone()), []);
});

test('the receiver of a transfer may have a receipt in place of an entry of its kind', (t) => {
  t.deepEqual(paymentFaults(payment, [debit, { ...credit, kind: 'receipt' }], everyone()), []);
});

const wrongPayments: Readonly<Record<string, readonly [PaymentRow, readonly EntryRow[], RegExp]>> = {
  'no entries': [payment, [], /has no entries/],
  'a receipt of who paid': [payment, [{ ...debit, kind: 'receipt' }, credit], /has a receipt that is not/],
  'a receipt of a request': [
    { ...payment, kind: 'request' },
    [debit, { ...credit, kind: 'receipt' }],
    /has a receipt that is not/,
  ],
  'a gap in its lines': [payment, [debit, { ...credit, line: 3 }], /gaps in the lines/],
  'an account that is not there': [
    payment,
    [debit, { ...credit, account_id: 99 }],
    /account that is not there/,
  ],
  'a sender where there can be none': [{ ...payment, kind: 'opening_credit' }, [debit, credit], /other ends/],
  'no receiver where there must be one': [{ ...payment, to_user_id: null }, [debit, credit], /other ends/],
  'another amount sent': [{ ...payment, sent_amount: 99 }, [debit, credit], /debits another amount/],
  'another amount received': [{ ...payment, received_amount: 99 }, [debit, credit], /credits another amount/],
  'another currency sent': [
    { ...payment, sent_currency: 'EUR' },
    [debit, credit],
    /debited in another currency/,
  ],
  'another currency received': [
    { ...payment, received_currency: 'EUR' },
    [debit, credit],
    /credited in another currency/,
  ],
  'another sender': [{ ...payment, from_user_id: carol.id }, [debit, credit], /not of its sender/],
  'another receiver': [{ ...payment, to_user_id: carol.id }, [debit, credit], /not of its receiver/],
  'entries that do not cancel out': [payment, [debit, { ...credit, amount: 101 }], /sum to 0\.01 GBP/],
  'a conversion without an exchange': [
    conversion,
    [entry(1, aliceAccount.id, -100), entry(2, carolAccount.id, 127)],
    /other entries between its ends/,
  ],
  'an exchange of other amounts': [
    conversion,
    converted.map((row) => (row.line === 3 ? { ...row, amount: -126 } : row)),
    /other entries between its ends/,
  ],
  'an exchange where nothing is converted': [
    payment,
    [debit, entry(2, exchange.id, 5), entry(3, exchange.id, -5), { ...credit, line: 4 }],
    /other entries between its ends/,
  ],
  'another memo to be searched': [
    { ...payment, memo_folded: 'dinner' },
    [debit, credit],
    /searched by another memo/,
  ],
  'a memo that cannot be searched': [
    { ...payment, memo_folded: null },
    [debit, credit],
    /searched by another memo/,
  ],
  'a memo to be searched that is no other': [
    { ...payment, memo: 'lunch', memo_folded: 'lunch' },
    [debit, credit],
    /searched by another memo/,
  ],
};

for (const [what, [row, entries, fault]] of Object.entries(wrongPayments)) {
  test(`a payment with ${what} is wrong`, (t) => {
    const faults = paymentFaults(row, entries, everyone());
    t.true(
      faults.some((found) => fault.test(found)),
      faults.join(),
    );
  });
}

test('what an entry says is left must be what is left, and is told once', (t) => {
  const accounts = accountsOf({ ...aliceAccount, balance: 1000 });
  const later = { ...debit, payment_id: 2, balance_after: 801 };
  t.deepEqual(followEntries([debit], accounts), []);
  t.deepEqual(followEntries([later], accounts), [
    'says in line 1 that 8.01 GBP is left on the account of usr_0000000001, where it is 8.00 GBP',
  ]);
  t.deepEqual(followEntries([{ ...later, payment_id: 3, balance_after: 701 }], accounts), []);
});

test('a balance must be what its entries give and what the newest leaves, and not negative', (t) => {
  const row = aliceAccount;
  t.deepEqual(accountFaults({ row, sum: 900, left: 900 }), []);
  t.deepEqual(accountFaults({ row, sum: 901, left: 900 }), [
    'has a balance of 9.00 GBP, its entries give 9.01 GBP',
  ]);
  t.deepEqual(accountFaults({ row, sum: 900, left: 899 }), [
    'has a balance of 9.00 GBP, its newest entry leaves 8.99 GBP',
  ]);
  t.deepEqual(accountFaults({ row: { ...row, balance: -1 }, sum: -1, left: -1 }), [
    'has a negative balance of -0.01 GBP',
  ]);
  t.deepEqual(accountFaults({ row: { ...row, currency: 'XXX' }, sum: 900, left: 900 }), [
    'is kept in XXX, which is no currency here',
  ]);
  const ofSystem = { ...issuance, currency: 'XXX' };
  t.deepEqual(accountFaults({ row: { ...ofSystem, balance: 0 }, sum: 0, left: 0 }), []);
  t.deepEqual(accountFaults({ row: { ...ofSystem, balance: -900 }, sum: -900, left: -900 }), [
    'is kept in XXX, which is no currency here',
  ]);
});

test('the figures of a currency are exact beyond what a number holds, and a sum that is not zero is told', (t) => {
  const most = Number.MAX_SAFE_INTEGER;
  const rows = [1, 2, 3].map((id) => ({ ...aliceAccount, id, balance: most }));
  const { currencies, faults } = currencyFigures(
    accountsOf(...rows, { ...issuance, balance: -most }, dollars),
  );
  t.deepEqual(currencies, [
    {
      currency: 'GBP',
      sum: '180143985094819.82',
      issued: '90071992547409.91',
      users: '270215977642229.73',
      exchange: '0.00',
    },
  ]);
  t.deepEqual(faults, [
    'GBP: all accounts together hold 180143985094819.82 GBP where they must hold nothing',
  ]);
  t.deepEqual(currencyFigures(accountsOf(aliceAccount, bobAccount, issuance)).faults, []);
});

const zeros = '0'.repeat(64);
/** A link whose contents give its hash after the one that it is meant to follow. */
const link = (position: number, previous: string, hash: string, at = position): Link => ({
  ...{ chain: 1, position, hash, at },
  hashAfter: (previousHash) => (previousHash === previous ? hash : 'another'),
});
const head = { name: 'payments', chain: 1, position: 2, hash: 'b', at: 2 } as const;

test('a chain is followed from its beginning to where its head says', (t) => {
  const chains = new Chains({ mayRunBack: false });
  t.deepEqual(chains.faultsOfNext(link(1, zeros, 'a')), []);
  t.deepEqual(chains.faultsOfNext(link(2, 'a', 'b')), []);
  t.deepEqual(chains.faultsOfNext({ ...link(1, zeros, 'x'), chain: 2 }), []);
  t.deepEqual(chains.faultsOfEnds([head]), ['chain 2 has no record of its end']);
  t.is(
    chains.faultsOfEnds([
      { ...head, position: 3 },
      { ...head, chain: 2, position: 1, hash: 'x', at: 1 },
    ]).length,
    1,
  );
  const other = { ...head, chain: 2, position: 1, hash: 'x', at: 1 };
  t.deepEqual(chains.faultsOfEnds([head, other]), []);
  t.is(chains.faultsOfEnds([head, { ...other, hash: 'y' }]).length, 1);
  t.is(chains.faultsOfEnds([head, { ...other, at: 2 }]).length, 1);
});

test('a link out of its place, of another hash, or earlier than the one before it breaks a chain', (t) => {
  const next = (changes: Partial<Link>, mayRunBack = false) => {
    const chains = new Chains({ mayRunBack });
    chains.faultsOfNext(link(1, zeros, 'a', 5));
    return chains.faultsOfNext({ ...link(2, 'a', 'b', 5), ...changes });
  };
  t.deepEqual(next({}), []);
  t.deepEqual(next({ position: 3 }), ['stands at position 3 of chain 1 where 2 comes next']);
  const isAnother = ['has another hash than its contents and the one before it give'];
  t.deepEqual(next({ hashAfter: () => 'z' }), isAnother);
  t.deepEqual(next(link(2, 'z', 'b', 5)), isAnother);
  t.deepEqual(next({ at: 4 }), ['is earlier than the one before it']);
  t.deepEqual(next({ at: 4 }, true), []);
});

const refund: PaymentRow = {
  ...payment,
  id: 2,
  kind: 'refund',
  refund_of: payment.id,
  from_user_id: payment.to_user_id,
  to_user_id: payment.from_user_id,
  sent_amount: 60,
  received_amount: 60,
};

test('refunds give back at most what was sent, the other way round, of what can be refunded', (t) => {
  t.deepEqual(refundFaults(payment, [refund, { ...refund, sent_amount: 40, received_amount: 40 }]), []);
  t.regex(
    refundFaults(payment, [refund, refund]).join(),
    /refunded with 1\.20 GBP in all.*cost its receiver 1\.20 GBP/,
  );
  const converted = { ...payment, received_amount: payment.received_amount - 1 };
  t.regex(
    refundFaults(converted, [{ ...refund, sent_amount: payment.received_amount }]).join(),
    /cost its receiver/,
  );
  t.regex(refundFaults(payment, [{ ...refund, to_user_id: carol.id }]).join(), /not from its receiver/);
  t.regex(refundFaults({ ...payment, kind: 'adjustment' }, [refund]).join(), /cannot be refunded/);
  t.regex(refundFaults(payment, [{ ...refund, id: 0 }]).join(), /older than itself/);
});

const paid: RequestRow = {
  ...request,
  status: 'paid',
  payment_id: payment.id,
  closed_at: payment.created_at,
};
const paying: PaymentRow = { ...payment, kind: 'request', request_id: request.id };

test('a request is paid by one payment, of what was asked for, between its sides', (t) => {
  t.deepEqual(requestFaults(paid, [paying]), []);
  t.deepEqual(requestFaults(paid, []), ['is paid and was paid by 0 payments']);
  t.deepEqual(requestFaults(paid, [paying, paying]), ['is paid and was paid by 2 payments']);
  t.deepEqual(requestFaults({ ...paid, status: 'declined' }, [paying]), [
    'is declined and was paid by 1 payments',
  ]);
  t.regex(requestFaults({ ...paid, payment_id: 9 }, [paying]).join(), /names another payment/);
  t.regex(requestFaults({ ...paid, payer_id: carol.id }, [paying]).join(), /between others/);
  t.regex(requestFaults({ ...paid, amount: 99 }, [paying]).join(), /another amount/);
  t.regex(requestFaults({ ...paid, closed_at: 9 }, [paying]).join(), /another time/);
});
