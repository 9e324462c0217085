import test from 'ava';
import type { AuditRow } from '../../db/tables/acts.js';
import type { EntryRow, PaymentRow } from '../../db/tables/payments.js';
import { auditHash, genesisHash, paymentHash } from '../../server/ledger/chain.js';

const payment: Omit<PaymentRow, 'hash' | 'memo_folded'> = {
  id: 2,
  chain: 1,
  position: 2,
  kind: 'transfer',
  from_user_id: 1,
  to_user_id: 2,
  sent_amount: 1000,
  sent_currency: 'GBP',
  received_amount: 1270,
  received_currency: 'USD',
  rate: '1.27',
  rates_id: 1,
  memo: 'lunch',
  request_id: null,
  refund_of: null,
  corrects: null,
  act: 7,
  created_at: 1_795_370_400_123_456,
};

const rates = { id: 1, as_of: '2026-11-20', source: 'built-in table' };

const entries: readonly EntryRow[] = [
  { account_id: 1, kind: 'transfer', payment_id: 2, line: 1, amount: -1000, balance_after: 0 },
  { account_id: 7, kind: 'transfer', payment_id: 2, line: 2, amount: 1000, balance_after: 1000 },
];

const [first, second] = entries as [EntryRow, EntryRow];

test('the hash is SHA-256 over the contents as JSON, as another program works it out', (t) => {
  t.is(
    paymentHash(payment, entries, rates, genesisHash),
    '2330c772ad2a4ab447e54aad48661d3f75e94201af83d14a32f1e5a8954ae7a9',
  );
});

const others: Partial<PaymentRow> = {
  act: 8,
  id: 3,
  chain: 2,
  position: 3,
  kind: 'request',
  from_user_id: null,
  to_user_id: 3,
  sent_amount: 1001,
  sent_currency: 'EUR',
  received_amount: 1271,
  received_currency: 'CAD',
  rate: '1.28',
  rates_id: null,
  memo: null,
  request_id: 1,
  refund_of: 1,
  corrects: 1,
  created_at: 1_795_370_400_123_457,
};

for (const [column, value] of Object.entries(others).filter(([name]) => name !== 'rates_id')) {
  test(`a change of ${column} changes the hash`, (t) => {
    t.not(
      paymentHash({ ...payment, [column]: value }, entries, rates, genesisHash),
      paymentHash(payment, entries, rates, genesisHash),
    );
  });
}

for (const [what, other] of Object.entries({ id: 2, as_of: '2026-11-21', source: 'elsewhere' })) {
  test(`another ${what} of the rates changes the hash`, (t) => {
    const changed = { ...rates, [what]: other };
    t.not(
      paymentHash(payment, entries, changed, genesisHash),
      paymentHash(payment, entries, rates, genesisHash),
    );
  });
}

test('another hash before it changes the hash', (t) => {
  t.not(
    paymentHash(payment, entries, rates, '1'.padStart(64, '0')),
    paymentHash(payment, entries, rates, genesisHash),
  );
});

test('every column of a payment but what follows from others is sealed', (t) => {
  const sealed = Object.keys(others).filter((column) => column !== 'rates_id');
  t.deepEqual([...sealed, 'rates_id'].sort(), Object.keys(payment).sort());
});

const changedEntries: Readonly<Record<string, readonly EntryRow[]>> = {
  'another account': [{ ...first, account_id: 3 }, second],
  'another amount': [{ ...first, amount: -999 }, second],
  'another balance': [{ ...first, balance_after: 1 }, second],
  'another line': [{ ...first, line: 3 }, second],
  'another order': [second, first],
  'an entry less': [first],
  'an entry more': [first, second, second],
};

for (const [what, changed] of Object.entries(changedEntries)) {
  test(`${what} among the entries changes the hash`, (t) => {
    t.not(
      paymentHash(payment, changed, rates, genesisHash),
      paymentHash(payment, entries, rates, genesisHash),
    );
  });
}

const record: Omit<AuditRow, 'hash'> = {
  id: 5,
  chain: 1,
  position: 2,
  at: 1_795_370_400_123_456,
  actor_id: 3,
  action: 'user.frozen',
  subject: 'bob',
  address: '192.0.2.7',
  request_id: 'req_1',
  reason: 'stolen',
  before: '{"status":"active"}',
  after: '{"status":"frozen"}',
  credentials: null,
};

test('the hash of a record of the audit trail is SHA-256 over it as JSON, as another program works it out', (t) => {
  t.is(auditHash(record, genesisHash), '6df7e9b8c8b3d97bdedaa32f1746b6298087fa3d4e3988f897d7444844de41d8');
  t.is(
    auditHash({ ...record, credentials: '{"users 2":"state"}' }, genesisHash),
    'f1eb15d06a633dbce482792944462335194468a6882aaf9d79c9565b46c2c41b',
  );
});

const otherRecord: Omit<AuditRow, 'hash'> = {
  id: 6,
  chain: 2,
  position: 3,
  at: 1_795_370_400_123_457,
  actor_id: null,
  action: 'user.unfrozen',
  subject: 'carol',
  address: '192.0.2.8',
  request_id: 'req_2',
  reason: null,
  before: null,
  after: null,
  credentials: '{"users 2":null}',
};

for (const [column, value] of Object.entries(otherRecord)) {
  test(`a change of ${column} changes the hash of a record of the audit trail`, (t) => {
    t.not(auditHash({ ...record, [column]: value }, genesisHash), auditHash(record, genesisHash));
  });
}

test('another hash before it changes the hash of a record of the audit trail', (t) => {
  t.not(auditHash(record, '1'.padStart(64, '0')), auditHash(record, genesisHash));
});
