import test from 'ava';
import type { PaymentRow } from '../../db/tables/payments.js';
import { rules } from '../../server/compose/rules.js';
import type { Decision } from '../../server/ledger/rule.js';
import { auditBooks } from './support/audit.js';
import { callerOf, payment, registration } from './support/callers.js';
import { numberOf } from './support/outcomes.js';
import { makePureBooks } from './support/pure-books.js';
import { ruleNamed } from './support/rule-named.js';
import type { Tables } from './support/tables.js';

const keyed = (userId: number, rule: string, input: object, key: string): Decision => ({
  ...{ rule: ruleNamed(rule), input, key, facts: {}, caller: callerOf(userId) },
});

/** Books with three opening credits, a payment within a currency and one across two, a request that was paid and a refund of part. */
function sampleBooks(): Tables {
  const books = makePureBooks(rules, ['GBP', 'USD']);
  const at = (micros: number) => {
    const moment = { now: micros, machineNow: micros };
    return { service: moment, machine: moment };
  };
  const people = [registration('alice'), registration('bob'), registration('carol', { currency: 'USD' })];
  const [alice = 0] = books.decideAll(people, at(1_000)).map((outcome) => numberOf('usr', outcome));
  const payments = [
    payment(alice, 'bob', {}, { key: 'a' }),
    payment(alice, 'carol', {}, { key: 'b' }),
    payment(alice, 'nobody', {}, { key: 'c' }),
  ];
  books.decideAll(payments, at(2_000));
  const [bob = 0, paid = 0] = [books.store.tables.users[1]?.id, books.store.tables.payments[3]?.id];
  const ask = { requesterId: bob, from: 'alice', amount: { minor: 500, currency: 'GBP' }, memo: null };
  const asking = keyed(bob, 'create-request', { ...ask, expiresAt: null }, 'd');
  const [request = 0] = books.decideAll([asking], at(3_000)).map((outcome) => numberOf('req', outcome));
  const acts = [
    keyed(alice, 'accept-request', { userId: alice, requestId: request, maxDebit: null }, 'e'),
    keyed(bob, 'refund-payment', { userId: bob, paymentId: paid, amount: '4.00', reason: null }, 'f'),
  ];
  books.decideAll(acts, at(4_000));
  return books.store.tables;
}

/** The books with the row at this place changed. */
function changed<Name extends keyof Tables>(
  tables: Tables,
  name: Name,
  place: number,
  values: Partial<Tables[Name][number]>,
): Tables {
  return {
    ...tables,
    [name]: tables[name].map((row, index) => (index === place ? { ...row, ...values } : row)),
  };
}

const without = (tables: Tables, name: keyof Tables, place: number): Tables => ({
  ...tables,
  [name]: tables[name].filter((_, index) => index !== place),
});

test('books that were kept by the rules have nothing wrong with them', (t) => {
  const tables = sampleBooks();
  t.deepEqual(auditBooks(tables), []);
  t.is(tables.payments.length, 7);
  t.is(tables.entries.length, 16);
  t.is(tables.requests[0]?.status, 'paid');
  t.is(tables.audit.length, 3);
});

const headOf = (tables: Tables, name: 'payments' | 'audit') =>
  tables.chain_heads.find((head) => head.name === name) as Tables['chain_heads'][number];

const lastRecord = (tables: Tables) => tables.audit.at(-1) as Tables['audit'][number];

const tampered: Readonly<Record<string, (tables: Tables) => Tables>> = {
  'a balance that was raised': (it) => changed(it, 'accounts', 4, { balance: 1 }),
  'an amount that was changed': (it) => changed(it, 'payments', 3, { sent_amount: 1 }),
  'a memo that was changed': (it) => changed(it, 'payments', 3, { memo: 'rent' }),
  'a time that was changed': (it) => changed(it, 'payments', 3, { created_at: 2_001 }),
  'an entry that was changed': (it) => changed(it, 'entries', 6, { amount: -999 }),
  'a balance after that was changed': (it) => changed(it, 'entries', 6, { balance_after: 1 }),
  'a payment that was removed': (it) => without(it, 'payments', 3),
  'the last payment removed': (it) => without(it, 'payments', 6),
  'an entry that was removed': (it) => without(it, 'entries', 7),
  'an account that was removed': (it) => without(it, 'accounts', 0),
  'a key that was removed': (it) => without(it, 'idempotency_keys', 0),
  'the key of an acceptance removed': (it) => without(it, 'idempotency_keys', 4),
  'a paid request that says it is pending': (it) =>
    changed(it, 'requests', 0, { status: 'pending', payment_id: null, closed_at: null }),
  'a request that names another payment': (it) =>
    changed(it, 'requests', 0, { payment_id: it.payments[3]?.id ?? 0 }),
  'a request for another amount than was paid': (it) => changed(it, 'requests', 0, { amount: 501 }),
  'a request that somebody else paid': (it) => changed(it, 'requests', 0, { payer_id: 999 }),
  'a request that was removed': (it) => without(it, 'requests', 0),
  'two payments that changed places': (it) =>
    changed(changed(it, 'payments', 3, { position: 5 }), 'payments', 4, { position: 4 }),
  'the last payment removed with its entries': (it) => ({
    ...without(it, 'payments', 6),
    entries: it.entries.filter(({ payment_id }) => payment_id !== it.payments[6]?.id),
  }),
  'a head that is behind': (it) => changed(it, 'chain_heads', 0, { position: 6 }),
  'a head that is gone': (it) => without(it, 'chain_heads', 0),
  'a head of nothing': (it) => ({
    ...it,
    chain_heads: [...it.chain_heads, { ...headOf(it, 'audit'), chain: 2 }],
  }),
  'who acted that was changed': (it) => changed(it, 'audit', 1, { actor_id: null }),
  'an act that was changed': (it) => changed(it, 'audit', 1, { action: 'user.deleted' }),
  'whom it was done to that was changed': (it) => changed(it, 'audit', 1, { subject: 'carol' }),
  'an address that was changed': (it) => changed(it, 'audit', 1, { address: '10.0.0.1' }),
  'a reason that was added': (it) => changed(it, 'audit', 1, { reason: 'asked to' }),
  'what was so after an act that was changed': (it) => changed(it, 'audit', 1, { after: '{}' }),
  'the time of an act that was changed': (it) => changed(it, 'audit', 1, { at: 999 }),
  'a record that was removed': (it) => without(it, 'audit', 1),
  'the last record removed': (it) => without(it, 'audit', 2),
  'the last record removed and the head set back': (it) => ({
    ...without(it, 'audit', 2),
    chain_heads: it.chain_heads.map((head) =>
      head.name === 'audit' ? { ...head, position: 2, hash: it.audit[1]?.hash ?? '' } : head,
    ),
  }),
  'a record that was added': (it) => ({ ...it, audit: [...it.audit, { ...lastRecord(it), position: 4 }] }),
  'two records that changed places': (it) =>
    changed(changed(it, 'audit', 0, { position: 2 }), 'audit', 1, { position: 1 }),
  'a payment counted twice': (it) => ({ ...it, payments: [...it.payments, ...it.payments.slice(-1)] }),
};

const badlyRefunded: Readonly<Record<string, [Partial<PaymentRow>, RegExp]>> = {
  'more than was sent': [{ received_amount: 1_001 }, /beyond what was sent/],
  'for more than was received': [{ sent_amount: 1_001 }, /more to give back than was received/],
  'for less than its share': [{ sent_amount: 399 }, /less than its share/],
  'whole for less': [{ received_amount: 1_000, sent_amount: 999 }, /whole for another amount/],
  'by somebody else': [{ from_user_id: 999 }, /between others/],
  'where nothing can be': [{ refund_of: null }, /cannot be refunded/],
};

for (const [how, [values, problem]] of Object.entries(badlyRefunded)) {
  test(`the audit sees a payment given back ${how}`, (t) => {
    t.true(auditBooks(changed(sampleBooks(), 'payments', 6, values)).some((it) => problem.test(it)));
  });
}

for (const [what, tamper] of Object.entries(tampered)) {
  test(`the audit sees ${what}`, (t) => {
    t.not(auditBooks(tamper(sampleBooks())).length, 0);
  });
}
