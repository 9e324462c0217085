import test from 'ava';
import { idsOf } from '../../server/ids.js';
import { rules } from '../../server/rules.js';
import { auditBooks } from './support/audit.js';
import { payment, registration } from './support/callers.js';
import { bodyOf } from './support/outcomes.js';
import { makePureBooks } from './support/pure-books.js';
import type { Tables } from './support/tables.js';

/** Books with three opening credits, a payment within a currency and one across two. */
function sampleBooks(): Tables {
  const books = makePureBooks(rules, ['GBP', 'USD']);
  const at = (micros: number) => {
    const moment = { now: micros, machineNow: micros, newId: idsOf(micros) };
    return { service: moment, machine: moment };
  };
  const people = [registration('alice'), registration('bob'), registration('carol', { currency: 'USD' })];
  const [alice = ''] = books.decideAll(people, at(1_000)).map((outcome) => bodyOf(outcome).id as string);
  const payments = [
    payment(alice, 'bob', {}, { key: 'a' }),
    payment(alice, 'carol', {}, { key: 'b' }),
    payment(alice, 'nobody', {}, { key: 'c' }),
  ];
  books.decideAll(payments, at(2_000));
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
  t.is(tables.payments.length, 5);
  t.is(tables.entries.length, 12);
});

const tampered: Readonly<Record<string, (tables: Tables) => Tables>> = {
  'a balance that was raised': (it) => changed(it, 'accounts', 4, { balance: 1 }),
  'an amount that was changed': (it) => changed(it, 'payments', 3, { sent_amount: 1 }),
  'a memo that was changed': (it) => changed(it, 'payments', 3, { memo: 'rent' }),
  'a time that was changed': (it) => changed(it, 'payments', 3, { created_at: 2_001 }),
  'an entry that was changed': (it) => changed(it, 'entries', 6, { amount: -999 }),
  'a balance after that was changed': (it) => changed(it, 'entries', 6, { balance_after: 1 }),
  'a payment that was removed': (it) => without(it, 'payments', 3),
  'the last payment removed': (it) => without(it, 'payments', 4),
  'an entry that was removed': (it) => without(it, 'entries', 7),
  'an account that was removed': (it) => without(it, 'accounts', 0),
  'a key that was removed': (it) => without(it, 'idempotency_keys', 0),
  'two payments that changed places': (it) =>
    changed(changed(it, 'payments', 3, { position: 5 }), 'payments', 4, { position: 4 }),
  'a payment counted twice': (it) => ({ ...it, payments: [...it.payments, ...it.payments.slice(-1)] }),
};

for (const [what, tamper] of Object.entries(tampered)) {
  test(`the audit sees ${what}`, (t) => {
    t.not(auditBooks(tamper(sampleBooks())).length, 0);
  });
}
