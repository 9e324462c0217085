import { randomUUID } from 'node:crypto';
import test from 'ava';
import { sharedServer } from '../support/api-server.js';
import { asScript, balanceOf, historyOf, moneyOf, newPerson, type Person, pay } from '../support/people.js';
import { isRefused } from '../support/refusal.js';

const server = sharedServer(test);

const refund = (id: string, { token }: Pick<Person, 'token'>, send: object, key: string = randomUUID()) =>
  server().ask(`/v1/payments/${id}/refunds`, { token, key, send });

const show = async (id: string, { token }: Person) =>
  (await server().ask(`/v1/payments/${id}`, { token })).json;

/** Carol in dollars has paid bob in pounds 10.00 dollars, which gave 7.87 pounds. */
async function paid() {
  const [carol, bob] = await Promise.all([newPerson(server(), 'USD'), newPerson(server(), 'GBP')]);
  const { json } = await pay(server(), carol, { to: bob.username, amount: '10.00' });
  return { carol, bob, id: String(json.id) };
}

test('refunds and their payment name each other, and the running total is seen by both', async (t) => {
  const { carol, bob, id } = await paid();
  const first = await refund(id, bob, { amount: '3.34', reason: 'too much' });
  t.is(first.status, 201);
  t.is(first.headers.location, `/v1/payments/${first.json.id}`);
  t.like(first.json, {
    ...{ kind: 'refund', refundOf: id, memo: 'too much', direction: 'sent', refunded: null },
    ...{ sent: { amount: '2.63', currency: 'GBP' }, received: { amount: '3.34', currency: 'USD' } },
  });
  t.deepEqual(await show(first.json.id, bob), first.json);
  t.like(await show(first.json.id, carol), { direction: 'received', refundOf: id });
  for (const person of [carol, bob]) {
    t.deepEqual((await show(id, person)).refunded, { amount: '3.34', currency: 'USD' });
    const listed = (await historyOf(server(), person)).find((payment) => payment.id === id);
    t.deepEqual(listed.refunded, { amount: '3.34', currency: 'USD' });
  }
  t.is((await refund(id, bob, {})).json.received.amount, '6.66');
  t.deepEqual((await show(id, carol)).refunded, { amount: '10.00', currency: 'USD' });
  t.is(await balanceOf(server(), bob), '1000.00');
  t.is(await balanceOf(server(), carol), '1270.00');
  isRefused(t, await refund(id, bob, {}), 'REFUND_TOO_LARGE');
  const { json } = await server().ask('/v1/notifications', { token: carol.token });
  t.deepEqual(
    json.data.map(({ type }: { type: string }) => type),
    ['refund.received', 'refund.received'],
  );
});

test('the part that takes the last of what arrived gives back all that was sent', async (t) => {
  const [yuki, bob] = await Promise.all([newPerson(server(), 'JPY'), newPerson(server(), 'GBP')]);
  const { json } = await pay(server(), yuki, { to: bob.username, amount: '3' });
  t.is(json.received.amount, '0.01');
  const { json: given } = await refund(json.id, bob, { amount: '1' });
  t.deepEqual([given.sent.amount, given.received.amount], ['0.01', '3']);
  t.deepEqual((await show(json.id, yuki)).refunded, { amount: '3', currency: 'JPY' });
  isRefused(t, await refund(json.id, bob, { amount: '1' }), 'REFUND_TOO_LARGE');
});

test('what cannot be given back is refused, and nothing moves', async (t) => {
  const { carol, bob, id } = await paid();
  const eve = await newPerson(server());
  const given = (await refund(id, bob, { amount: '1.00' })).json;
  const before = await moneyOf(server(), [carol, bob]);
  isRefused(t, await refund(id, carol, {}), 'NOT_REFUNDABLE');
  isRefused(t, await refund(given.id, carol, {}), 'NOT_REFUNDABLE');
  isRefused(t, await refund(id, eve, {}), 'NOT_FOUND');
  isRefused(t, await refund('pay_none', bob, {}), 'NOT_FOUND');
  const tooMuch = await refund(id, bob, { amount: '9.01' });
  isRefused(t, tooMuch, 'REFUND_TOO_LARGE');
  t.like(tooMuch.json, {
    refundable: { amount: '9.00', currency: 'USD' },
    refunded: { amount: '1.00', currency: 'USD' },
  });
  for (const amount of ['0', '-1', '1.001', '1e2']) {
    isRefused(t, await refund(id, bob, { amount }), 'INVALID_AMOUNT', { fields: ['amount'] });
  }
  const [opening] = (await historyOf(server(), bob, '&kind=opening_credit')).slice(-1);
  isRefused(t, await refund(opening.id, bob, {}), 'NOT_REFUNDABLE');
  t.deepEqual(await moneyOf(server(), [carol, bob]), before);
});

test('what is not there any more cannot be given back', async (t) => {
  const { carol, bob, id } = await paid();
  await pay(server(), bob, { to: carol.username, amount: '1000.01' });
  const before = await moneyOf(server(), [carol, bob]);
  const refusal = await refund(id, bob, {});
  isRefused(t, refusal, 'INSUFFICIENT_FUNDS');
  t.like(refusal.json, {
    available: { amount: '7.86', currency: 'GBP' },
    required: { amount: '7.87', currency: 'GBP' },
  });
  t.deepEqual(await moneyOf(server(), [carol, bob]), before);
});

test('a refund needs a key, which gives back once, and a dry run needs none and gives nothing', async (t) => {
  const { carol, bob, id } = await paid();
  const path = `/v1/payments/${id}/refunds`;
  const { token } = bob;
  isRefused(t, await server().ask(path, { token, send: {} }), 'IDEMPOTENCY_KEY_REQUIRED');
  const before = await moneyOf(server(), [carol, bob]);
  const dry = await server().ask(path, { token, send: { amount: '3.34', dryRun: true } });
  t.is(dry.status, 200);
  t.like(dry.json, { id: null, sent: { amount: '2.63', currency: 'GBP' } });
  t.deepEqual(await moneyOf(server(), [carol, bob]), before);
  const first = await refund(id, bob, { amount: '3.34' }, 'k');
  const replay = await refund(id, bob, { amount: '3.34' }, 'k');
  t.deepEqual([replay.text, replay.headers['idempotency-replayed']], [first.text, 'true']);
  isRefused(t, await refund(id, bob, { amount: '3.33' }, 'k'), 'IDEMPOTENCY_KEY_REUSED');
  t.is((await show(id, carol)).refunded.amount, '3.34');
});

test('a key stands for a refund however its amount is spelled', async (t) => {
  const { carol, bob, id } = await paid();
  const first = await refund(id, bob, { amount: '2' }, 'spelled');
  t.is(first.status, 201);
  for (const amount of ['2.0', '2.00']) {
    const replay = await refund(id, bob, { amount }, 'spelled');
    t.is(replay.text, first.text);
    t.is(replay.headers['idempotency-replayed'], 'true');
  }
  isRefused(t, await refund(id, bob, { amount: '2.01' }, 'spelled'), 'IDEMPOTENCY_KEY_REUSED');
  t.deepEqual((await show(id, carol)).refunded, { amount: '2.00', currency: 'USD' });
});

test('a refund needs the scope to pay', async (t) => {
  const { bob, id } = await paid();
  const send = { name: 'asker', scopes: ['request', 'read'] };
  const { token } = (await server().ask('/v1/tokens', { token: bob.token, send })).json;
  isRefused(t, await refund(id, { token }, {}), 'FORBIDDEN');
  t.is((await refund(id, await asScript(server(), bob), {})).status, 201);
});

test('an empty body gives back all', async (t) => {
  const { bob, id } = await paid();
  const asked = { method: 'POST', token: bob.token, key: randomUUID() };
  t.is((await server().ask(`/v1/payments/${id}/refunds`, asked)).json.received.amount, '10.00');
});
