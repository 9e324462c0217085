import test from 'ava';
import { contactsIn, contactsLike, findContact } from '../../../cli/people/contacts.js';
import type { PaymentJson } from '../../../server/features/payments/wire.js';

const gbp = { amount: '1.00', currency: 'GBP' };
const usd = { amount: '1.27', currency: 'USD' };

function paid(direction: 'sent' | 'received', other: string | null, id: string): PaymentJson {
  const isSent = direction === 'sent';
  return {
    id,
    kind: 'transfer',
    direction,
    from: isSent ? 'alice' : other,
    to: isSent ? other : 'alice',
    sent: isSent ? gbp : usd,
    received: isSent ? usd : gbp,
    rate: '1.27',
    ratesAsOf: '2024-11-29',
    ratesSource: 'built-in table',
    memo: null,
    requestId: null,
    refundOf: null,
    refunded: null,
    corrects: null,
    correctedBy: [],
    balanceAfter: null,
    createdAt: '2026-11-22T18:00:00.000000Z',
  };
}

const history = [
  paid('received', 'Zoe', 'pay_4'),
  paid('sent', 'bob', 'pay_3'),
  paid('sent', 'zoe', 'pay_2'),
  paid('received', null, 'pay_1'),
];

test('contacts are who was paid or has paid, each once, those of the latest payments first', (t) => {
  t.deepEqual(
    contactsIn(history).map(({ username, currency, latest }) => [username, currency, latest.id]),
    [
      ['Zoe', 'USD', 'pay_4'],
      ['bob', 'USD', 'pay_3'],
    ],
  );
});

test('a contact is found regardless of case, and never by a part of the name', (t) => {
  const contacts = contactsIn(history);
  t.is(findContact(contacts, 'BOB')?.username, 'bob');
  t.is(findContact(contacts, 'bo'), undefined);
});

test('who begins with what is typed stands before who only holds it', (t) => {
  const contacts = contactsIn([paid('sent', 'jacob', 'pay_2'), paid('sent', 'bob', 'pay_1')]);
  const names = (typed: string) => contactsLike(contacts, typed).map(({ username }) => username);
  t.deepEqual(names(''), ['jacob', 'bob']);
  t.deepEqual(names('B'), ['bob', 'jacob']);
  t.deepEqual(names('c'), ['jacob']);
  t.deepEqual(names('x'), []);
});
