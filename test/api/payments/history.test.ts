import { randomUUID } from 'node:crypto';
import test from 'ava';
import fc from 'fast-check';
import { sharedServer } from '../support/api-server.js';
import type { Reply } from '../support/client.js';
import { parseCsv } from '../support/csv.js';
import { numberOf } from '../support/database.js';
import { historyOf, newPerson, newScript, type Person, pay } from '../support/people.js';
import { isRefused } from '../support/refusal.js';

const server = sharedServer(test);

type Payment = Reply['json'];

let alice: Person;
let others: Person[];
/** Alice's payments, newest first. */
let all: Payment[];

const memos = [
  'Lunch',
  'lunch & "dinner"',
  'a, b',
  'two\nlines',
  'two\r\nlines',
  '100% off_now\\',
  'ÜBER Straße',
  '日本 🐙',
  '=SUM(A1)',
  'tea;=1+1',
  'ΜΙΣΘΟΣ',
  'Cafe\u0301',
  "'; drop table payments; --",
  // What stands for a sign that could not be read, and a code point that never is one.
  'unreadable \ufffd',
  'no sign \uffff',
  ' leading and trailing ',
  '"',
  ',',
  '',
];

test.serial.before('alice deals with people in other currencies', async (t) => {
  const currencies = ['GBP', 'USD', 'JPY', 'KWD'];
  [alice, ...others] = (await Promise.all([
    newPerson(server(), 'GBP', 'alice'),
    ...currencies.map((currency) => newPerson(server(), currency)),
  ])) as [Person, ...Person[]];
  for (const [place, memo] of [...memos, ...memos, ...memos].entries()) {
    const other = others[place % others.length] as Person;
    const amount = String(10 + place);
    const isOut = place % 3 !== 0;
    const reply = await pay(server(), isOut ? alice : other, {
      to: (isOut ? other : alice).username,
      amount: isOut ? `${place + 1}.0${place % 10}` : amount,
      ...(isOut && { currency: 'GBP' }),
      memo,
    });
    t.is(reply.status, 201, reply.text);
  }
  all = await historyOf(server(), alice);
});

interface Filters {
  readonly direction?: 'sent' | 'received';
  readonly with?: string;
  readonly kind?: string;
  readonly currency?: string;
  readonly minAmount?: string;
  readonly maxAmount?: string;
  readonly since?: string;
  readonly until?: string;
  readonly q?: string;
}

const queryOf = (filters: object) =>
  new URLSearchParams(
    Object.entries(filters).filter(([, value]) => value !== undefined) as [string, string][],
  ).toString();

/** Whether the filters should leave a payment, worked out from the payments as they are shown. */
function fits(payment: Payment, filters: Filters): boolean {
  const isSent = payment.direction === 'sent';
  const other = isSent ? payment.to : payment.from;
  const pennies = Number((isSent ? payment.sent : payment.received).amount.replace('.', ''));
  const inPennies = (amount: string) => Math.round(Number(amount) * 100);
  return (
    (filters.direction === undefined || payment.direction === filters.direction) &&
    (filters.with === undefined || other?.toLowerCase() === filters.with.toLowerCase()) &&
    (filters.kind === undefined || payment.kind === filters.kind) &&
    (filters.currency === undefined ||
      [payment.sent.currency, payment.received.currency].includes(filters.currency)) &&
    (filters.minAmount === undefined || pennies >= inPennies(filters.minAmount)) &&
    (filters.maxAmount === undefined || pennies <= inPennies(filters.maxAmount)) &&
    (filters.since === undefined || payment.createdAt >= filters.since) &&
    (filters.until === undefined || payment.createdAt < filters.until) &&
    (filters.q === undefined || (payment.memo ?? '').toLowerCase().includes(filters.q.toLowerCase()))
  );
}

/** Whether bounds leave nothing between them. */
const isCrossed = ({ minAmount, maxAmount, since, until }: Filters) =>
  (minAmount !== undefined && maxAmount !== undefined && Number(minAmount) > Number(maxAmount)) ||
  (since !== undefined && until !== undefined && since > until);

async function found(filters: Filters): Promise<Payment[]> {
  return historyOf(server(), alice, `&${queryOf(filters)}`);
}

const idsOf = (payments: readonly Payment[]) => payments.map(({ id }) => id);

test('the history is all there, newest first', (t) => {
  t.is(all.length, memos.length * 3 + 1);
  t.deepEqual(idsOf(all).toSorted().reverse(), idsOf(all));
  t.is(all.at(-1)?.kind, 'opening_credit');
});

test('each balance follows from the one before it', (t) => {
  const pennies = (money: { amount: string }) => Number(money.amount.replace('.', ''));
  for (const [place, payment] of all.entries()) {
    const before = all[place + 1];
    const moved = payment.direction === 'sent' ? -pennies(payment.sent) : pennies(payment.received);
    t.is(pennies(payment.balanceAfter), (before ? pennies(before.balanceAfter) : 0) + moved);
  }
});

test('each filter alone leaves what it should', async (t) => {
  const middle = all[20];
  const filters: Filters[] = [
    { direction: 'sent' },
    { direction: 'received' },
    { with: others[0]?.username ?? '' },
    { with: others[1]?.username.toUpperCase() ?? '' },
    { with: alice.username },
    { with: 'nobody-at-all' },
    { kind: 'transfer' },
    { kind: 'opening_credit' },
    { kind: 'refund' },
    { currency: 'GBP' },
    { currency: 'USD' },
    { currency: 'CHF' },
    { minAmount: middle.sent.amount },
    { minAmount: '20.04' },
    { maxAmount: '20.04' },
    { maxAmount: '0.01' },
    { since: middle.createdAt },
    { until: middle.createdAt },
    { since: middle.createdAt, until: middle.createdAt },
    { q: 'lunch' },
    { q: 'LUNCH' },
    { q: 'über straße' },
    { q: '%' },
    { q: '_' },
    { q: '\\' },
    { q: '"' },
    { q: '\n' },
    { q: '日本' },
    { q: "'; drop" },
    { q: '\ufffd' },
    { q: '\uffff' },
    { q: 'off_now' },
    { q: 'offxnow' },
  ];
  for (const filter of filters) {
    const wanted = all.filter((payment) => fits(payment, filter));
    t.deepEqual(idsOf(await found(filter)), idsOf(wanted), JSON.stringify(filter));
  }
});

test('filters together leave what all of them leave', async (t) => {
  const times = fc.integer({ min: 0, max: all.length - 1 }).map((place) => all[place].createdAt);
  const maybe = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: undefined, freq: 2 });
  const filters = fc.record({
    direction: maybe(fc.constantFrom('sent', 'received')),
    with: maybe(fc.constantFrom(...others.map(({ username }) => username))),
    kind: maybe(fc.constantFrom('transfer', 'opening_credit')),
    currency: maybe(fc.constantFrom('GBP', 'USD', 'JPY')),
    minAmount: maybe(fc.constantFrom('0.01', '5.04', '12.01', '30.00')),
    maxAmount: maybe(fc.constantFrom('12.01', '30.00', '500.00', '2000.00')),
    since: maybe(times),
    until: maybe(times),
    q: maybe(fc.constantFrom('l', 'LINES', 'a', ' ', 'ß')),
  });
  await fc.assert(
    fc.asyncProperty(filters, async (some) => {
      const given = some as Filters;
      if (isCrossed(given)) {
        const reply = await server().ask(`/v1/payments?${queryOf(given)}`, { token: alice.token });
        isRefused(t, reply, 'VALIDATION_FAILED');
        return;
      }
      const wanted = all.filter((payment) => fits(payment, given));
      t.deepEqual(idsOf(await found(given)), idsOf(wanted), JSON.stringify(given));
    }),
    { numRuns: 60 },
  );
});

test('times may be given in any offset and to any precision', async (t) => {
  const middle = all[20];
  const { createdAt } = middle;
  const [newer, older] = [idsOf(all.slice(0, 21)), idsOf(all.slice(21))];
  const finer = createdAt.replace('Z', '000000001Z');
  t.deepEqual(idsOf(await found({ since: createdAt })), newer);
  t.deepEqual(idsOf(await found({ since: finer })), newer.slice(0, -1));
  t.deepEqual(idsOf(await found({ until: createdAt })), older);
  t.deepEqual(idsOf(await found({ until: finer })), [middle.id, ...older]);
  const shifted = new Date(Date.parse(createdAt) + 2 * 3600_000).toISOString().slice(0, 19);
  const fraction = createdAt.slice(19, 26);
  t.deepEqual(idsOf(await found({ since: `${shifted}${fraction}+02:00` })), newer);
  t.deepEqual(await found({ since: '2999-01-01T00:00:00Z' }), []);
  t.is((await found({ since: '1969-12-31T23:59:59.999999Z' })).length, all.length);
});

test('a filter that is none is refused by its name', async (t) => {
  for (const [query, code, field] of [
    ['direction=up', 'VALIDATION_FAILED', 'direction'],
    ['with=two%20words', 'VALIDATION_FAILED', 'with'],
    ['kind=gift', 'VALIDATION_FAILED', 'kind'],
    ['currency=XXX', 'UNKNOWN_CURRENCY', 'currency'],
    ['currency=gbp', 'UNKNOWN_CURRENCY', 'currency'],
    ['minAmount=-1', 'INVALID_AMOUNT', 'minAmount'],
    ['minAmount=1.005', 'INVALID_AMOUNT', 'minAmount'],
    ['maxAmount=1e3', 'INVALID_AMOUNT', 'maxAmount'],
    ['since=yesterday', 'VALIDATION_FAILED', 'since'],
    ['since=2026-11-22', 'VALIDATION_FAILED', 'since'],
    ['since=2026-13-01T00:00:00Z', 'VALIDATION_FAILED', 'since'],
    ['until=2026-11-22T25:00:00Z', 'VALIDATION_FAILED', 'until'],
    ['until=1700000000', 'VALIDATION_FAILED', 'until'],
    ['q=', 'VALIDATION_FAILED', 'q'],
    ['q=%ff', 'VALIDATION_FAILED', 'q'],
    [`q=${'x'.repeat(501)}`, 'VALIDATION_FAILED', 'q'],
    ['limit=0', 'VALIDATION_FAILED', 'limit'],
    ['limit=101', 'VALIDATION_FAILED', 'limit'],
    ['limit=-1', 'VALIDATION_FAILED', 'limit'],
    ['limit=1.5', 'VALIDATION_FAILED', 'limit'],
    ['limit=ten', 'VALIDATION_FAILED', 'limit'],
    ['limit=', 'VALIDATION_FAILED', 'limit'],
    ['limit=05', 'VALIDATION_FAILED', 'limit'],
    ['page=2', 'VALIDATION_FAILED', 'page'],
  ] as const) {
    const reply = await server().ask(`/v1/payments?${query}`, { token: alice.token });
    isRefused(t, reply, code, { fields: [field] });
  }
});

test('a page has twenty payments where nothing else is said, and up to a hundred', async (t) => {
  const { ask } = server();
  const { token } = alice;
  const page = async (query: string) => (await ask(`/v1/payments${query}`, { token })).json;
  t.deepEqual(idsOf((await page('')).data), idsOf(all.slice(0, 20)));
  t.is((await page('?limit=1')).data.length, 1);
  const whole = await page('?limit=100');
  t.is(whole.data.length, all.length);
  t.is(whole.nextCursor, null);
  t.is((await page(`?limit=${all.length}`)).nextCursor, null);
  t.is(typeof (await page(`?limit=${all.length - 1}`)).nextCursor, 'string');
});

test('pages of any length join to the whole, each payment once', async (t) => {
  const { ask } = server();
  for (const limit of [1, 7, 20]) {
    const pages: Payment[] = [];
    let query = `limit=${limit}&direction=sent`;
    while (query !== '') {
      const { data, nextCursor } = (await ask(`/v1/payments?${query}`, { token: alice.token })).json;
      pages.push(...data);
      query = nextCursor === null ? '' : `limit=${limit}&cursor=${nextCursor}`;
    }
    t.deepEqual(
      pages,
      all.filter(({ direction }) => direction === 'sent'),
    );
  }
});

test('a cursor carries its filters: alone, or with the same ones in any order', async (t) => {
  const { ask } = server();
  const { token } = alice;
  const filters = { direction: 'sent', currency: 'USD', q: 'l' };
  const wanted = all.filter((payment) => fits(payment, filters as Filters));
  const first = (await ask(`/v1/payments?limit=2&${queryOf(filters)}`, { token })).json;
  t.deepEqual(first.data, wanted.slice(0, 2));
  const cursor = first.nextCursor;
  const reversed = Object.fromEntries(Object.entries(filters).toReversed());
  for (const query of [
    queryOf({ cursor }),
    queryOf({ cursor, ...filters }),
    queryOf({ ...reversed, cursor, limit: 50 }),
  ]) {
    const { json } = await ask(`/v1/payments?${query}`, { token });
    t.deepEqual(json.data, wanted.slice(2));
  }
});

test('a cursor with other filters, a forged one, another user’s or another list’s is refused', async (t) => {
  const { ask } = server();
  const { token } = alice;
  const bob = others[0] as Person;
  const cursorOf = async (path: string, as: Person) => (await ask(path, { token: as.token })).json.nextCursor;
  const cursor = await cursorOf('/v1/payments?limit=2&direction=sent', alice);
  const plain = await cursorOf('/v1/payments?limit=2', alice);
  for (const name of ['a', 'b']) {
    await ask('/v1/tokens', { token, send: { name, scopes: ['read'] } });
  }
  const ofTokens = await cursorOf('/v1/tokens?limit=1', alice);
  const [payload, signature] = cursor.split('.');
  const opened = Buffer.from(payload, 'base64url').toString();
  const forged = Buffer.from(
    opened.replace(`"userId":${numberOf(alice.id)}`, `"userId":${numberOf(bob.id)}`),
  ).toString('base64url');
  const queries = [
    queryOf({ cursor, direction: 'received' }),
    queryOf({ cursor, direction: 'sent', currency: 'GBP' }),
    queryOf({ cursor, currency: 'GBP' }),
    queryOf({ cursor: plain, direction: 'sent' }),
    queryOf({ cursor: ofTokens }),
    queryOf({ cursor: await cursorOf('/v1/payments?limit=1', bob) }),
    queryOf({ cursor: `${forged}.${signature}` }),
    queryOf({ cursor: `${payload}.${'A'.repeat(22)}` }),
    queryOf({ cursor: `${cursor}A` }),
    queryOf({ cursor: cursor.slice(0, -1) }),
    queryOf({ cursor: payload }),
    queryOf({ cursor: '' }),
    queryOf({ cursor: all[3].id }),
    queryOf({ cursor: '{}' }),
    queryOf({ cursor: 'é🐙' }),
  ];
  for (const query of queries) {
    isRefused(t, await ask(`/v1/payments?${query}`, { token }), 'INVALID_CURSOR', { fields: ['cursor'] });
  }
  isRefused(t, await ask(`/v1/tokens?${queryOf({ cursor: plain })}`, { token }), 'INVALID_CURSOR');
});

const csv = (person: Person, query = '') =>
  server().ask(`/v1/payments?${query}`, { token: person.token, headers: { accept: 'text/csv' } });

/** The memos that a spreadsheet would run, as they are given to it. */
const neutralMemos = new Map([
  ['=SUM(A1)', "'=SUM(A1)"],
  ['tea;=1+1', "tea;'=1+1"],
  ["'; drop table payments; --", "'; drop table payments;' --"],
]);

/** A payment as a line of CSV should have it. */
function lineOf(payment: Payment): Record<string, string> {
  const isSent = payment.direction === 'sent';
  const [own, other] = isSent ? [payment.sent, payment.received] : [payment.received, payment.sent];
  return {
    id: payment.id,
    createdAt: payment.createdAt,
    kind: payment.kind,
    direction: payment.direction,
    counterparty: (isSent ? payment.to : payment.from) ?? '',
    amount: `${isSent ? '-' : ''}${own.amount}`,
    currency: own.currency,
    otherAmount: other.amount,
    otherCurrency: other.currency,
    rate: payment.rate,
    memo: neutralMemos.get(payment.memo) ?? payment.memo ?? '',
    requestId: '',
    refundOf: '',
    balanceAfter: payment.balanceAfter.amount,
  };
}

test('as CSV the whole history comes at once, with every memo to the letter that a spreadsheet does not run', async (t) => {
  const reply = await csv(alice);
  t.is(reply.status, 200);
  t.regex(String(reply.headers['content-type']), /^text\/csv; ?charset=utf-8/);
  t.true(
    reply.text.startsWith(
      'id,createdAt,kind,direction,counterparty,amount,currency,otherAmount,otherCurrency,rate,memo,requestId,refundOf,balanceAfter\r\n',
    ),
  );
  t.deepEqual(parseCsv(reply.text), all.map(lineOf));
});

test('the filters hold for CSV, too, and a limit does not', async (t) => {
  const filters: Filters = { direction: 'sent', currency: 'USD', minAmount: '5.00' };
  const wanted = all.filter((payment) => fits(payment, filters));
  t.true(wanted.length > 3);
  const reply = await csv(alice, `${queryOf(filters)}&limit=3`);
  t.deepEqual(parseCsv(reply.text), wanted.map(lineOf));
});

test('as JSON lines the whole filtered history comes at once, payment by payment as in pages', async (t) => {
  const lines = (query = '') =>
    server().ask(`/v1/payments?${query}`, {
      token: alice.token,
      headers: { accept: 'application/x-ndjson' },
    });
  const reply = await lines('limit=3');
  t.is(reply.status, 200);
  t.is(reply.headers['content-type'], 'application/x-ndjson');
  const paymentsOf = (text: string) =>
    text
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line));
  t.deepEqual(paymentsOf(reply.text), all);
  const filters: Filters = { direction: 'received', currency: 'USD' };
  t.deepEqual(
    paymentsOf((await lines(queryOf(filters))).text),
    all.filter((payment) => fits(payment, filters)),
  );
  t.is((await lines('q=nobody-wrote-this')).text, '');
  isRefused(t, await lines('direction=up'), 'VALIDATION_FAILED');
});

test('CSV is refused like JSON, with a problem document', async (t) => {
  isRefused(t, await csv(alice, 'direction=up'), 'VALIDATION_FAILED');
  isRefused(t, await csv(alice, 'cursor=forged'), 'INVALID_CURSOR');
  isRefused(t, await csv({ ...alice, token: 'nobody' }), 'UNAUTHENTICATED');
});

test('where JSON and CSV are equally welcome the answer is JSON', async (t) => {
  for (const accept of ['*/*', 'application/json, text/csv', 'text/csv;q=0.5, application/json']) {
    const reply = await server().ask('/v1/payments', { token: alice.token, headers: { accept } });
    t.regex(String(reply.headers['content-type']), /^application\/json/);
  }
});

test.serial('a history of thousands of payments is streamed whole, while new ones arrive', async (t) => {
  t.timeout(60_000);
  const [rich, poor] = await Promise.all([newScript(server(), 'GBP'), newPerson(server(), 'USD')]);
  const many = 2_300;
  for (let made = 0; made < many; made += 100) {
    await Promise.all(
      Array.from({ length: 100 }, (_, place) =>
        pay(server(), rich, { to: poor.username, amount: '0.01', memo: `no. ${made + place}` }, randomUUID()),
      ),
    );
  }
  const before = await historyOf(server(), rich);
  const [{ text }] = await Promise.all([
    csv(rich, `until=${before[0].createdAt}`),
    ...Array.from({ length: 50 }, () => pay(server(), rich, { to: poor.username, amount: '0.01' })),
  ]);
  t.is(before.length, many + 1);
  t.deepEqual(parseCsv(text), before.filter(({ createdAt }) => createdAt < before[0].createdAt).map(lineOf));
  const whole = parseCsv((await csv(rich)).text);
  t.is(whole.length, many + 1 + 50);
  t.is(new Set(whole.map(({ id }) => id)).size, whole.length);
});

test('a memo is found whatever its case and its normal form', async (t) => {
  const found = async (q: string) => {
    const { json } = await server().ask(`/v1/payments?${queryOf({ q })}`, { token: alice.token });
    return new Set(json.data.map(({ memo }: Payment) => memo));
  };
  for (const [q, memo] of [
    ['μισ', 'ΜΙΣΘΟΣ'],
    ['μισθος', 'ΜΙΣΘΟΣ'],
    ['CAF\u00c9', 'Cafe\u0301'],
    ['STRASSE', 'ÜBER Straße'],
    ['u\u0308ber', 'ÜBER Straße'],
  ] as const) {
    t.deepEqual(await found(q), new Set([memo]), q);
  }
});
