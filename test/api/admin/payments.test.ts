import { randomUUID } from 'node:crypto';
import test from 'ava';
import { adjust, newAdmin } from '../support/admins.js';
import { serverForFile } from '../support/api-server.js';
import type { Reply } from '../support/client.js';
import { parseCsv } from '../support/csv.js';
import { historyOf, newPerson, type Person, pay } from '../support/people.js';
import { isRefused } from '../support/refusal.js';

const server = serverForFile(test);

type Payment = Reply['json'];

let admin: Person;
let otherAdmin: Person;
let alice: Person;
let bob: Person;
let carol: Person;
/** Every payment of the server, newest first. */
let all: Payment[];

const ask = (query: string, token = admin.token) => server().ask(`/v1/admin/payments?${query}`, { token });

async function found(query: string): Promise<Payment[]> {
  const payments: Payment[] = [];
  let cursor = '';
  do {
    const more = cursor === '' ? `${query}&limit=3` : `cursor=${encodeURIComponent(cursor)}&limit=3`;
    const { status, json, text } = await ask(more);
    if (status !== 200) {
      throw new Error(text);
    }
    payments.push(...json.data);
    cursor = json.nextCursor ?? '';
  } while (cursor !== '');
  return payments;
}

const idsOf = (payments: readonly Payment[]) => payments.map(({ id }) => id);

test.serial.before('people deal with each other', async () => {
  admin = await newAdmin(server());
  otherAdmin = await newAdmin(server());
  alice = await newPerson(server(), 'GBP', 'alice');
  bob = await newPerson(server(), 'GBP', 'bob');
  carol = await newPerson(server(), 'USD', 'carol');
  await pay(server(), alice, { to: bob.username, amount: '10.00', memo: 'Lunch, "ÜBER"' });
  await pay(server(), alice, { to: carol.username, amount: '20.00', memo: '=SUM(A1)' });
  await pay(server(), carol, { to: alice.username, amount: '12.70' });
  const { json: back } = await pay(server(), bob, { to: alice.username, amount: '5.00' });
  await server().ask(`/v1/payments/${back.id}/refunds`, {
    token: alice.token,
    key: randomUUID(),
    send: { amount: '2.00' },
  });
  await adjust(server(), admin, { username: bob.username, amount: '10.00', direction: 'credit' });
  await adjust(server(), admin, { username: carol.username, amount: '10.00', direction: 'debit' });
  all = await found('');
});

test('everybody’s payments are there, newest first, seen from no side', async (t) => {
  t.is(all.length, 5 + 4 + 1 + 2);
  t.deepEqual(idsOf(all), idsOf(all).toSorted().reverse());
  for (const { direction, balanceAfter } of all) {
    t.deepEqual([direction, balanceAfter], [null, null]);
  }
  t.like(all[0], { kind: 'adjustment', from: carol.username, to: null, memo: 'because' });
  t.like(all[1], { kind: 'adjustment', from: null, to: bob.username });
  t.like(all[3], { kind: 'transfer', refunded: { amount: '2.00', currency: 'GBP' } });
  t.like(all.at(-1), { kind: 'opening_credit', from: null, to: admin.username });
});

test('of one user they are those of the user’s own history, under any filter', async (t) => {
  const middle = all[5].createdAt;
  for (const person of [alice, bob, carol]) {
    for (const filter of [
      '',
      'direction=sent',
      'direction=received',
      'kind=refund',
      `with=${alice.username}`,
      `with=${carol.username}&direction=sent`,
      'minAmount=10.00',
      'maxAmount=10.00',
      'minAmount=5.00&maxAmount=12.70&currency=GBP',
      'currency=USD',
      `since=${middle}`,
      `until=${middle}`,
      'q=%C3%BCber',
    ]) {
      const own = await historyOf(server(), person, `&${filter}`);
      const seen = await found(`user=${person.username.toUpperCase()}&${filter}`);
      t.deepEqual(
        seen,
        own.map((payment) => ({ ...payment, direction: null, balanceAfter: null })),
        `${person.username} ${filter}`,
      );
    }
  }
});

const minor = ({ amount }: { amount: string }) => Number(amount.replace('.', ''));

test('of everybody filters leave what they should', async (t) => {
  const middle = all[5].createdAt;
  const filters: Record<string, (payment: Payment) => boolean> = {
    'kind=adjustment': ({ kind }) => kind === 'adjustment',
    'currency=USD': ({ sent, received }) => [sent.currency, received.currency].includes('USD'),
    'currency=CHF': () => false,
    [`since=${middle}`]: ({ createdAt }) => createdAt >= middle,
    [`until=${middle}`]: ({ createdAt }) => createdAt < middle,
    'q=LUNCH': ({ memo }) => /lunch/i.test(memo ?? ''),
    'q=because&kind=adjustment': ({ memo }) => memo === 'because',
    [`with=${carol.username}`]: ({ from, to }) => [from, to].includes(carol.username),
    'currency=GBP&minAmount=10.00&maxAmount=20.00': ({ sent, received }) =>
      [sent, received].some(
        (side) => side.currency === 'GBP' && minor(side) >= 1_000 && minor(side) <= 2_000,
      ),
    'currency=USD&maxAmount=12.70': ({ sent, received }) =>
      [sent, received].some((side) => side.currency === 'USD' && minor(side) <= 1_270),
  };
  for (const [filter, fits] of Object.entries(filters)) {
    t.deepEqual(idsOf(await found(filter)), idsOf(all.filter(fits)), filter);
  }
});

test('a user or another side whom nobody knows has none', async (t) => {
  for (const filter of [
    'user=nobody',
    'with=nobody',
    'user=nobody&minAmount=1.00',
    `user=${bob.username}&with=nobody`,
  ]) {
    t.deepEqual(await found(filter), []);
  }
});

test('a filter that needs another says so', async (t) => {
  isRefused(t, await ask('direction=sent'), 'VALIDATION_FAILED', {
    fields: ['direction'],
    detail: /must come with user/,
  });
  isRefused(t, await ask(`direction=sent&with=${bob.username}`), 'VALIDATION_FAILED');
  isRefused(t, await ask('minAmount=1.00'), 'VALIDATION_FAILED', { fields: ['minAmount'] });
  isRefused(t, await ask('maxAmount=1.00'), 'VALIDATION_FAILED', { fields: ['maxAmount'] });
  isRefused(t, await ask('maxAmount=1.001&currency=GBP'), 'INVALID_AMOUNT', { fields: ['maxAmount'] });
  isRefused(t, await ask('kind=gift'), 'VALIDATION_FAILED', { fields: ['kind'] });
  isRefused(t, await ask('currency=gbp'), 'UNKNOWN_CURRENCY');
});

test('one payment is seen whosever it is, and what is none is NOT_FOUND', async (t) => {
  const { token } = admin;
  for (const payment of all) {
    const reply = await server().ask(`/v1/admin/payments/${payment.id}`, { token });
    t.deepEqual(reply.json, payment);
  }
  for (const id of ['pay_none', 'x', '%00', 'PAY']) {
    isRefused(t, await server().ask(`/v1/admin/payments/${id}`, { token }), 'NOT_FOUND');
  }
});

/** The cell of a text: what a spreadsheet would run stands behind an apostrophe. */
const cellOf = (text: string | null) => (text?.startsWith('=') ? `'${text}` : (text ?? ''));

/** A payment as the lines of CSV say it. */
function cellsOf(payment: Payment): object {
  const { sent, received, refunded, direction: _, balanceAfter: __, correctedBy: ___, ...rest } = payment;
  return {
    ...Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, value ?? ''])),
    sentAmount: sent.amount,
    sentCurrency: sent.currency,
    receivedAmount: received.amount,
    receivedCurrency: received.currency,
    memo: cellOf(rest.memo),
    refundedAmount: refunded?.amount ?? '',
  };
}

test('as CSV the whole filtered list is given, whatever the limit', async (t) => {
  const csv = async (query: string) => {
    const asked = { token: admin.token, headers: { accept: 'text/csv' } };
    const reply = await server().ask(`/v1/admin/payments?${query}`, asked);
    t.is(reply.headers['content-type'], 'text/csv; charset=utf-8; header=present');
    return reply.text;
  };
  const text = await csv('limit=1');
  t.deepEqual(parseCsv(text), all.map(cellsOf));
  t.is(
    text.split('\r\n')[0],
    'id,createdAt,kind,from,to,sentAmount,sentCurrency,receivedAmount,receivedCurrency,rate,ratesAsOf,ratesSource,memo,requestId,refundOf,corrects,refundedAmount',
  );
  const { json } = await ask(`user=${alice.username}&limit=2`);
  const own = all.filter(({ from, to }) => [from, to].includes(alice.username)).map(cellsOf);
  t.deepEqual(parseCsv(await csv(`cursor=${json.nextCursor}`)), own.slice(2));
});

test('a cursor carries its filters and is the administrator’s own', async (t) => {
  const { json } = await ask('kind=transfer&limit=1');
  const cursor = `cursor=${json.nextCursor}`;
  t.is((await ask(`${cursor}&kind=transfer`)).status, 200);
  isRefused(t, await ask(`${cursor}&kind=refund`), 'INVALID_CURSOR');
  isRefused(t, await ask(`${cursor}&user=${bob.username}`), 'INVALID_CURSOR');
  isRefused(t, await ask(cursor, otherAdmin.token), 'INVALID_CURSOR');
  const own = await server().ask(`/v1/payments?${cursor}`, { token: admin.token });
  isRefused(t, own, 'INVALID_CURSOR');
});
