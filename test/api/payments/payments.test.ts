import test from 'ava';
import { sharedServer } from '../support/api-server.js';
import { booksOf } from '../support/database.js';
import { balanceOf, freshName, historyOf, moneyOf, newPerson, newScript, pay } from '../support/people.js';
import { isRefused } from '../support/refusal.js';

const server = sharedServer(test);

const money = (amount: string, currency: string) => ({ amount, currency });

test('a payment is seen by both sides, each with their own direction and balance', async (t) => {
  const { ask } = server();
  const [alice, bob] = await Promise.all([newPerson(server(), 'GBP'), newPerson(server(), 'USD')]);
  const sent = await pay(server(), alice, { to: bob.username, amount: '10', memo: 'lunch' });
  t.is(sent.status, 201);
  t.is(sent.headers.location, `/v1/payments/${sent.json.id}`);
  t.regex(sent.json.id, /^pay_[0-9A-HJKMNP-TV-Z]{10}$/);
  t.regex(sent.json.createdAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
  const { id, createdAt } = sent.json;
  t.deepEqual(sent.json, {
    id,
    kind: 'transfer',
    direction: 'sent',
    from: alice.username,
    to: bob.username,
    sent: money('10.00', 'GBP'),
    received: money('12.70', 'USD'),
    rate: '1.27',
    ratesAsOf: '2024-11-29',
    ratesSource: 'built-in table',
    memo: 'lunch',
    requestId: null,
    refundOf: null,
    refunded: null,
    corrects: null,
    correctedBy: [],
    balanceAfter: money('990.00', 'GBP'),
    createdAt,
  });
  const path = `/v1/payments/${id}`;
  t.deepEqual((await ask(path, { token: alice.token })).json, sent.json);
  t.deepEqual((await ask(path, { token: bob.token })).json, {
    ...sent.json,
    direction: 'received',
    balanceAfter: money('1282.70', 'USD'),
  });
  t.is(await balanceOf(server(), alice), '990.00');
  t.is(await balanceOf(server(), bob), '1282.70');
});

test('an amount in the sender’s currency fixes the debit, and what arrives is rounded down', async (t) => {
  const [alice, bob] = await Promise.all([newScript(server(), 'JPY'), newPerson(server(), 'GBP')]);
  // 100 ¥ are 0.5253… £.
  for (const currency of [undefined, 'JPY']) {
    const { json } = await pay(server(), alice, {
      to: bob.username,
      amount: '100',
      ...(currency && { currency }),
    });
    t.deepEqual([json.sent, json.received], [money('100', 'JPY'), money('0.52', 'GBP')]);
  }
});

test('an amount in the receiver’s currency fixes what arrives, and the debit is rounded up', async (t) => {
  const [alice, bob] = await Promise.all([newPerson(server(), 'JPY'), newPerson(server(), 'GBP')]);
  // 0.52 £ are 98.98 ¥; 98 ¥ would be 0.514… £.
  const { json } = await pay(server(), alice, { to: bob.username, amount: '0.52', currency: 'GBP' });
  t.deepEqual([json.sent, json.received], [money('99', 'JPY'), money('0.52', 'GBP')]);
  t.is(await balanceOf(server(), bob), '1000.52');
});

test('a receiver is found in any letter case, and the answer has the name as registered', async (t) => {
  const [alice, bob] = await Promise.all([newPerson(server()), newPerson(server(), 'GBP', 'Bob')]);
  const { json } = await pay(server(), alice, { to: bob.username.toUpperCase(), amount: '1.00' });
  t.is(json.to, bob.username);
});

test('a memo is kept to the letter, and an empty one is none', async (t) => {
  const [alice, bob] = await Promise.all([newScript(server()), newPerson(server())]);
  const quoted = ['a "quoted", line\r\nand another', 'C:\\x "\\\\{a},{b}\\"', 'NULL', '{}', '\\x00'];
  for (const memo of [...quoted, ' spaces ', '=1+1', '日本 🐙', 'x'.repeat(500)]) {
    t.is((await pay(server(), alice, { to: bob.username, amount: '0.01', memo })).json.memo, memo);
    t.is((await historyOf(server(), bob))[0].memo, memo);
  }
  for (const memo of ['', null]) {
    t.is((await pay(server(), alice, { to: bob.username, amount: '0.01', memo })).json.memo, null);
  }
});

test('the whole balance can be sent, and not a minor unit more', async (t) => {
  const [alice, bob] = await Promise.all([newPerson(server()), newPerson(server())]);
  const before = await moneyOf(server(), [alice, bob]);
  const refusal = await pay(server(), alice, { to: bob.username, amount: '1000.01' });
  isRefused(t, refusal, 'INSUFFICIENT_FUNDS', { detail: /1000\.00 GBP.*1000\.01 GBP/ });
  t.deepEqual(refusal.json.available, money('1000.00', 'GBP'));
  t.deepEqual(refusal.json.required, money('1000.01', 'GBP'));
  t.deepEqual(await moneyOf(server(), [alice, bob]), before);
  const { json } = await pay(server(), alice, { to: bob.username, amount: '1000.00' });
  t.deepEqual(json.balanceAfter, money('0.00', 'GBP'));
  isRefused(t, await pay(server(), alice, { to: bob.username, amount: '0.01' }), 'INSUFFICIENT_FUNDS');
  t.is(await balanceOf(server(), bob), '2000.00');
});

test('maxDebit lets through what costs as much, and refuses more with the fresh amounts', async (t) => {
  const [alice, bob] = await Promise.all([newPerson(server(), 'GBP'), newPerson(server(), 'USD')]);
  const send = { to: bob.username, amount: '12.70', currency: 'USD' };
  const before = await moneyOf(server(), [alice, bob]);
  const refusal = await pay(server(), alice, { ...send, maxDebit: '9.99' });
  isRefused(t, refusal, 'RATE_CHANGED', { detail: /10\.00 GBP/ });
  t.deepEqual(refusal.json.sent, money('10.00', 'GBP'));
  t.deepEqual(refusal.json.received, money('12.70', 'USD'));
  t.is(refusal.json.rate, '1.27');
  t.deepEqual(await moneyOf(server(), [alice, bob]), before);
  t.is((await pay(server(), alice, { ...send, maxDebit: '10' })).status, 201);
  t.is(await balanceOf(server(), alice), '990.00');
});

test('maxDebit is an amount of the sender’s currency', async (t) => {
  const [alice, bob] = await Promise.all([newPerson(server(), 'JPY'), newPerson(server(), 'USD')]);
  const send = { to: bob.username, amount: '1.00', currency: 'USD' };
  for (const maxDebit of ['150.5', '0', '-1', '', '1e3']) {
    isRefused(t, await pay(server(), alice, { ...send, maxDebit }), 'INVALID_AMOUNT', {
      fields: ['maxDebit'],
    });
  }
  t.is((await pay(server(), alice, { ...send, maxDebit: '150' })).status, 201);
});

test('a dry run answers what the payment would be, and writes nothing', async (t) => {
  const [alice, bob] = await Promise.all([newPerson(server(), 'GBP'), newPerson(server(), 'USD')]);
  const send = { to: bob.username, amount: '10.00', memo: 'lunch' };
  const before = await moneyOf(server(), [alice, bob]);
  const dry = await server().ask('/v1/payments', {
    token: alice.token,
    send: { ...send, dryRun: true },
  });
  t.is(dry.status, 200);
  t.is(dry.json.id, null);
  t.is(dry.headers.location, undefined);
  t.deepEqual(await moneyOf(server(), [alice, bob]), before);
  const real = await pay(server(), alice, { ...send, dryRun: false });
  t.deepEqual({ ...real.json, id: null, createdAt: '' }, { ...dry.json, createdAt: '' });
});

test('a dry run does not use its key up, even where it is refused', async (t) => {
  const [alice, bob] = await Promise.all([newPerson(server()), newPerson(server())]);
  const key = freshName('key');
  const dry = { to: bob.username, amount: '5000.00', dryRun: true };
  isRefused(t, await pay(server(), alice, dry, key), 'INSUFFICIENT_FUNDS');
  t.is((await pay(server(), alice, { ...dry, amount: '1.00' }, key)).status, 200);
  const real = await pay(server(), alice, { to: bob.username, amount: '2.00' }, key);
  t.is(real.status, 201);
  t.is((await pay(server(), alice, { ...dry, amount: '3.00' }, key)).json.sent.amount, '3.00');
  t.is(await balanceOf(server(), alice), '998.00');
});

test('a dry run is refused as the payment would be', async (t) => {
  const [alice, bob] = await Promise.all([newPerson(server(), 'GBP'), newPerson(server(), 'USD')]);
  const good = { to: bob.username, amount: '1.00' };
  for (const change of [
    { to: alice.username },
    { to: freshName('nobody') },
    { amount: '1000.01' },
    { amount: '0' },
    { amount: '1.005' },
    { currency: 'XXX' },
    { currency: 'JPY' },
    { maxDebit: '0.99' },
    { memo: 'x'.repeat(501) },
    { colour: 'red' },
  ]) {
    const dry = await server().ask('/v1/payments', {
      token: alice.token,
      send: { ...good, ...change, dryRun: true },
    });
    const real = await pay(server(), alice, { ...good, ...change });
    t.true(real.status >= 400, real.text);
    t.deepEqual({ ...dry.json, requestId: '' }, { ...real.json, requestId: '' });
  }
});

test('dry runs that arrive together see nothing of each other and leave nothing behind', async (t) => {
  const [alice, bob] = await Promise.all([newPerson(server()), newPerson(server())]);
  const before = await booksOf(server(), [alice, bob]);
  await Promise.all(
    Array.from({ length: 30 }, (_, place) =>
      server().ask('/v1/payments', {
        token: (place % 2 === 0 ? alice : bob).token,
        send: { to: (place % 2 === 0 ? bob : alice).username, amount: '900.00', dryRun: true },
      }),
    ),
  );
  t.deepEqual(await booksOf(server(), [alice, bob]), before);
  t.is((await historyOf(server(), bob)).length, 1);
});

test('an amount that converts to nothing is refused', async (t) => {
  const [alice, bob, carol] = await Promise.all([
    newPerson(server(), 'JPY'),
    newPerson(server(), 'KWD'),
    newPerson(server(), 'IDR'),
  ]);
  isRefused(t, await pay(server(), carol, { to: bob.username, amount: '0.01' }), 'INVALID_AMOUNT', {
    detail: /smallest unit of KWD/,
    fields: ['amount'],
  });
  t.is((await pay(server(), alice, { to: bob.username, amount: '1' })).json.received.amount, '0.002');
});

test('payments are made with three decimals and with none', async (t) => {
  const [kuwaiti, japanese] = await Promise.all([newPerson(server(), 'KWD'), newPerson(server(), 'JPY')]);
  const { json } = await pay(server(), kuwaiti, { to: japanese.username, amount: '1.001' });
  // 1.001 × 190.35 ÷ 0.3906 = 487.81…
  t.deepEqual([json.sent, json.received], [money('1.001', 'KWD'), money('487', 'JPY')]);
  t.deepEqual(json.balanceAfter, money('389.599', 'KWD'));
});

test('the time of a payment is that of the timestamp service, and later ones sort after earlier ones', async (t) => {
  const { ask } = server();
  const [alice, bob] = await Promise.all([newScript(server()), newPerson(server())]);
  const before = (await ask('/v1/time', { token: alice.token })).json.timestamp;
  const made = [];
  for (let count = 0; count < 5; count += 1) {
    made.push((await pay(server(), alice, { to: bob.username, amount: '1.00' })).json);
  }
  const after = (await ask('/v1/time', { token: alice.token })).json.timestamp;
  const times = [before, ...made.map(({ createdAt }) => createdAt), after];
  t.deepEqual(times.toSorted(), times);
  t.is(new Set(times).size, times.length);
  const ids = made.map(({ id }) => id);
  t.deepEqual(ids.toSorted(), ids);
});

test('somebody else’s payment is not found, exactly like one that does not exist', async (t) => {
  const { ask } = server();
  const [alice, bob, eve] = await Promise.all([
    newPerson(server()),
    newPerson(server()),
    newPerson(server()),
  ]);
  const { id } = (await pay(server(), alice, { to: bob.username, amount: '1.00' })).json;
  const opening = (await historyOf(server(), alice)).at(-1).id;
  const answers = new Set<string>();
  for (const tried of [id, opening, 'pay_ZZZZZZZZZZ', id.toLowerCase(), 'x', '%27', '1%20or%201']) {
    const reply = await ask(`/v1/payments/${tried}`, { token: eve.token });
    isRefused(t, reply, 'NOT_FOUND');
    const { 'x-request-id': _id, date: _date, ...headers } = reply.headers;
    answers.add(JSON.stringify([{ ...reply.json, requestId: '' }, headers]));
  }
  t.is(answers.size, 1);
});
