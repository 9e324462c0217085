import { randomUUID } from 'node:crypto';
import test from 'ava';
import { sharedServer } from '../support/api-server.js';
import type { Reply } from '../support/client.js';
import { booksOf, changeRows, numberOf } from '../support/database.js';
import { asScript, balanceOf, historyOf, newPerson, type Person, pay } from '../support/people.js';
import { isRefused } from '../support/refusal.js';

const server = sharedServer(test);

interface Line {
  readonly to: string;
  readonly amount: string;
  readonly [field: string]: unknown;
}

type Given = { readonly mode?: string; readonly dryRun?: boolean };

function payMany(
  from: Person,
  items: readonly Line[],
  given: Given = {},
  key: string = randomUUID(),
): Promise<Reply> {
  const send = { items, mode: 'each', ...given };
  return server().ask('/v1/payouts', {
    token: from.token,
    send,
    ...(given.dryRun !== true && { key }),
  });
}

const money = (amount: string, currency: string) => ({ amount, currency });

/** A payer in pounds, and receivers in pounds, dollars and yen. */
async function newPeople(): Promise<readonly [Person, Person, Person, Person]> {
  const [alice, bob, carol, yuki] = await Promise.all(
    ['GBP', 'GBP', 'USD', 'JPY'].map((currency) => newPerson(server(), currency)),
  );
  if (!alice || !bob || !carol || !yuki) {
    throw new Error('Somebody is missing.');
  }
  return [alice, bob, carol, yuki];
}

test('everybody is paid, in their own currencies, and Location lists the payments', async (t) => {
  const [alice, bob, carol, yuki] = await newPeople();
  const reply = await payMany(alice, [
    { to: bob.username, amount: '10', memo: 'November' },
    { to: carol.username.toUpperCase(), amount: '12.70', currency: 'USD' },
    { to: yuki.username, amount: '10.00', memo: null },
  ]);
  t.is(reply.status, 201, reply.text);
  t.like(reply.json.totals, {
    paid: 3,
    refused: 0,
    sent: money('30.00', 'GBP'),
    balanceAfter: money('970.00', 'GBP'),
  });
  t.deepEqual(reply.json.totals.received, [
    money('10.00', 'GBP'),
    money('1903', 'JPY'),
    money('12.70', 'USD'),
  ]);
  const { json } = await server().ask(String(reply.headers.location), { token: alice.token });
  t.deepEqual(
    json.data.map(({ id }: { id: string }) => id).toReversed(),
    reply.json.results.map(({ payment }: { payment: { id: string } }) => payment.id),
  );
  t.is(await balanceOf(server(), carol), '1282.70');
  const inbox = await server().ask('/v1/notifications', { token: bob.token });
  t.like(inbox.json.data[0], { type: 'payment.received', data: { memo: 'November' } });
});

test('each item of each is answered by itself', async (t) => {
  const [alice, bob, carol] = await newPeople();
  await server().ask(`/v1/blocks/${alice.username}`, { method: 'PUT', token: carol.token });
  const { status, json } = await payMany(alice, [
    { to: bob.username, amount: '999.99' },
    { to: 'nobody-at-all', amount: '0.01' },
    { to: alice.username, amount: '0.01' },
    { to: carol.username, amount: '0.01' },
    { to: bob.username, amount: '0.02' },
    { to: bob.username, amount: '0.01', currency: 'USD' },
    { to: bob.username, amount: '0.01' },
  ]);
  t.is(status, 201);
  t.deepEqual(
    json.results.map((result: { status: number; error?: { code: string } }) => [
      result.status,
      result.error?.code,
    ]),
    [
      [201, undefined],
      [422, 'USER_NOT_FOUND'],
      [422, 'SELF_PAYMENT'],
      [409, 'RECIPIENT_UNAVAILABLE'],
      [409, 'INSUFFICIENT_FUNDS'],
      [422, 'VALIDATION_FAILED'],
      [201, undefined],
    ],
  );
  t.is(json.results[5].error.errors[0].field, 'items.5.currency');
  t.is(await balanceOf(server(), alice), '0.00');
  t.is(await balanceOf(server(), bob), '2000.00');
});

test('one bad item of all pays nobody, and funds are judged over the sum', async (t) => {
  const [alice, bob, carol] = await newPeople();
  const before = await booksOf(server(), [bob, carol]);
  const good = { to: bob.username, amount: '600' };
  const unknown = await payMany(alice, [good, { to: 'nobody-at-all', amount: '1' }], { mode: 'all' });
  isRefused(t, unknown, 'USER_NOT_FOUND', { detail: /^items\.1: /, fields: ['items.1.to'] });
  const poor = await payMany(alice, [good, { to: carol.username, amount: '400.01' }], { mode: 'all' });
  isRefused(t, poor, 'INSUFFICIENT_FUNDS');
  t.like(poor.json, { available: money('1000.00', 'GBP'), required: money('1000.01', 'GBP') });
  t.deepEqual(await booksOf(server(), [bob, carol]), before);
  t.is(await balanceOf(server(), alice), '1000.00');
});

for (const mode of ['each', 'all']) {
  test(`${mode}: twins at the same time and replays pay once and get the same bytes`, async (t) => {
    const [alice, bob] = await newPeople();
    const items = Array.from({ length: 20 }, (_, index) => ({
      to: index === 7 && mode === 'each' ? 'nobody-at-all' : bob.username,
      amount: '1.00',
    }));
    const key = randomUUID();
    const replies = await Promise.all(Array.from({ length: 5 }, () => payMany(alice, items, { mode }, key)));
    const paid = mode === 'each' ? 19 : 20;
    t.deepEqual([...new Set(replies.map(({ text }) => text))].length, 1);
    t.is(replies.filter(({ headers }) => headers['idempotency-replayed'] === undefined).length, 1);
    t.is(replies[0]?.json.totals.paid, paid);
    t.is(await balanceOf(server(), bob), `${1000 + paid}.00`);
    isRefused(t, await payMany(alice, items.slice(1), { mode }, key), 'IDEMPOTENCY_KEY_REUSED');
    isRefused(
      t,
      await pay(server(), alice, { to: bob.username, amount: '1' }, key),
      'IDEMPOTENCY_KEY_REUSED',
    );
    t.is(await balanceOf(server(), bob), `${1000 + paid}.00`);
  });

  test(`${mode}: a dry run needs no key and writes nothing`, async (t) => {
    const [alice, bob] = await newPeople();
    const before = await booksOf(server(), [alice, bob]);
    const { status, json } = await payMany(alice, [{ to: bob.username, amount: '5' }], {
      mode,
      dryRun: true,
    });
    t.is(status, 200);
    t.is(json.results[0].payment.id, null);
    t.like(json.totals, { paid: 1, balanceAfter: money('995.00', 'GBP') });
    t.deepEqual(await booksOf(server(), [alice, bob]), before);
  });

  test(`${mode}: a frozen account pays nobody`, async (t) => {
    const [alice, bob] = await newPeople();
    await changeRows(server(), "update users set status = 'frozen' where id = ?", [numberOf(alice.id)]);
    isRefused(t, await payMany(alice, [{ to: bob.username, amount: '5' }], { mode }), 'ACCOUNT_FROZEN');
    t.is(await balanceOf(server(), alice), '1000.00');
  });
}

test('a session is not asked whether a list is meant twice', async (t) => {
  const [alice, bob] = await newPeople();
  await pay(server(), alice, { to: bob.username, amount: '5' });
  const line = { to: bob.username, amount: '5' };
  t.is((await payMany(alice, [line, line])).json.totals.paid, 2);
  isRefused(t, await pay(server(), alice, line), 'POSSIBLE_DUPLICATE');
});

test('it needs a key, the scope to pay, and one to a thousand items', async (t) => {
  const [alice, bob] = await newPeople();
  const line = { to: bob.username, amount: '0.01' };
  const ask = (send: unknown, token = alice.token) =>
    server().ask('/v1/payouts', { token, key: randomUUID(), send });
  const keyless = { token: alice.token, send: { items: [line], mode: 'each' } };
  isRefused(t, await server().ask('/v1/payouts', keyless), 'IDEMPOTENCY_KEY_REQUIRED');
  isRefused(t, await ask({ items: [], mode: 'each' }), 'VALIDATION_FAILED', { fields: ['items'] });
  isRefused(
    t,
    await ask({ items: Array.from({ length: 1_001 }, () => line), mode: 'each' }),
    'VALIDATION_FAILED',
    {
      detail: /at most 1000 items/,
      fields: ['items'],
    },
  );
  const empty = { items: Array.from({ length: 2_900 }, () => ({})), mode: 'each' };
  isRefused(t, await ask(empty), 'VALIDATION_FAILED', { detail: /^items: must have at most 1000 items\.$/ });
  const unknown = Object.fromEntries(Array.from({ length: 6_000 }, (_, index) => [`a${index}`, 1]));
  isRefused(t, await ask({ ...unknown, mode: 'each' }), 'BODY_TOO_LARGE', { detail: /at most 6000 values/ });
  isRefused(t, await ask({ items: [line] }), 'VALIDATION_FAILED', { fields: ['mode'] });
  isRefused(t, await ask({ items: [{ ...line, maxDebit: '1' }], mode: 'all' }), 'VALIDATION_FAILED', {
    fields: ['items.0.maxDebit'],
  });
  const { json } = await server().ask('/v1/tokens', {
    token: alice.token,
    send: { name: 'reader', scopes: ['read', 'request'] },
  });
  isRefused(t, await ask({ items: [line], mode: 'each' }, json.token), 'FORBIDDEN');
  t.is(await balanceOf(server(), alice), '1000.00');
});

test('what is wrong with the text of items refuses the whole of either, and names all of them', async (t) => {
  const [alice, bob, carol] = await newPeople();
  const good = { to: bob.username, amount: '1' };
  for (const mode of ['each', 'all']) {
    const amounts = [good, { ...good, amount: '1.001' }, good, { ...good, amount: '1.5', currency: 'JPY' }];
    isRefused(t, await payMany(alice, amounts, { mode }), 'INVALID_AMOUNT', {
      detail: /^items\.1\.amount: /,
      fields: ['items.1.amount', 'items.3.amount'],
    });
    isRefused(t, await payMany(alice, [good, { ...good, currency: 'XXX' }], { mode }), 'UNKNOWN_CURRENCY', {
      fields: ['items.1.currency'],
    });
    isRefused(t, await payMany(alice, [good, { ...good, to: '' }], { mode }), 'VALIDATION_FAILED');
  }
  const tiny = await payMany(alice, [{ to: carol.username, amount: '0.01' }, good], { mode: 'all' });
  t.is(tiny.status, 201);
  t.is(await balanceOf(server(), bob), '1001.00');
});

test('a thousand items with long memos fit, twice of that does not, and other routes take no more than before', async (t) => {
  const [alice, bob] = await newPeople();
  const script = await asScript(server(), alice);
  const line = { to: bob.username, amount: '0.01', memo: '日'.repeat(300) };
  const items = Array.from({ length: 1_000 }, () => line);
  const { json } = await payMany(script, items);
  t.like(json.totals, { paid: 1_000, sent: money('10.00', 'GBP') });
  t.is((await historyOf(server(), bob)).length, 1_001);
  isRefused(t, await payMany(script, [...items, ...items]), 'BODY_TOO_LARGE', { detail: /1048576/ });
  const large = await pay(server(), script, { to: bob.username, amount: '1', memo: 'x'.repeat(70_000) });
  isRefused(t, large, 'BODY_TOO_LARGE', { detail: /65536/ });
  t.is(await balanceOf(server(), alice), '990.00');
});

test('single payments get their turn between payouts', async (t) => {
  const [alice, bob, carol, yuki] = await newPeople();
  const script = await asScript(server(), alice);
  const items = Array.from({ length: 500 }, () => ({ to: bob.username, amount: '0.01' }));
  let left = 6;
  const payouts = Array.from({ length: left }, async () => {
    await payMany(script, items);
    left -= 1;
  });
  const reply = await pay(server(), carol, { to: yuki.username, amount: '1' });
  t.is(reply.status, 201);
  t.true(left > 2, `${left} payouts of 6 were left when the payment was made`);
  await Promise.all(payouts);
  t.is(await balanceOf(server(), alice), '970.00');
});
