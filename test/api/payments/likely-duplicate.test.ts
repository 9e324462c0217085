import { randomUUID } from 'node:crypto';
import test from 'ava';
import { sharedServer } from '../support/api-server.js';
import { asScript, balanceOf, logIn, moneyOf, newPerson, type Person, pay } from '../support/people.js';
import { isRefused } from '../support/refusal.js';

const server = sharedServer(test);

test('a person is asked about the same payment again, in any session, and a script is not', async (t) => {
  const [alice, bob] = await Promise.all([newPerson(server()), newPerson(server())]);
  const send = { to: bob.username, amount: '10.00' };
  const { json: first } = await pay(server(), alice, send);
  const other = { ...alice, token: await logIn(server(), alice.username) };
  for (const person of [alice, other]) {
    const refusal = await pay(server(), person, send);
    isRefused(t, refusal, 'POSSIBLE_DUPLICATE');
    t.like(refusal.json, { duplicateOf: first.id, paidAt: first.createdAt });
  }
  t.is(await balanceOf(server(), alice), '990.00');
  const { json: second } = await pay(server(), await asScript(server(), alice), send);
  isRefused(t, await pay(server(), alice, { ...send, confirmDuplicateOf: first.id }), 'POSSIBLE_DUPLICATE');
  t.is((await pay(server(), alice, { ...send, confirmDuplicateOf: second.id })).status, 201);
  t.is(await balanceOf(server(), alice), '970.00');
});

test('to confirm takes a new key, and the refused one stays refused', async (t) => {
  const [alice, bob] = await Promise.all([newPerson(server()), newPerson(server())]);
  const send = { to: bob.username, amount: '10.00' };
  const { id } = (await pay(server(), alice, send)).json;
  const refusal = await pay(server(), alice, send, 'k');
  isRefused(t, refusal, 'POSSIBLE_DUPLICATE');
  t.is((await pay(server(), alice, send, 'k')).text, refusal.text);
  isRefused(
    t,
    await pay(server(), alice, { ...send, confirmDuplicateOf: id }, 'k'),
    'IDEMPOTENCY_KEY_REUSED',
  );
  t.is((await pay(server(), alice, { ...send, confirmDuplicateOf: id }, 'k2')).status, 201);
});

test('a dry run is asked as well', async (t) => {
  const [alice, bob] = await Promise.all([newPerson(server()), newPerson(server())]);
  const send = { to: bob.username, amount: '10.00' };
  await pay(server(), alice, send);
  isRefused(t, await pay(server(), alice, { ...send, dryRun: true }), 'POSSIBLE_DUPLICATE');
});

test('another memo is another payment, and an asterisk means it besides whatever there is', async (t) => {
  const [alice, bob] = await Promise.all([newPerson(server()), newPerson(server())]);
  const send = { to: bob.username, amount: '10.00', memo: 'invoice 1' };
  t.is((await pay(server(), alice, send)).status, 201);
  t.is((await pay(server(), alice, { ...send, memo: 'invoice 2' })).status, 201);
  isRefused(t, await pay(server(), alice, send), 'POSSIBLE_DUPLICATE');
  t.is((await pay(server(), alice, { ...send, confirmDuplicateOf: '*' })).status, 201);
  t.is(await balanceOf(server(), alice), '970.00');
});

test('a payment is not asked about for the lines of a payout before it, however many', async (t) => {
  const [alice, bob] = await Promise.all([newPerson(server()), newPerson(server())]);
  const line = { to: bob.username, amount: '0.01' };
  const items = Array.from({ length: 100 }, () => line);
  const payout = () =>
    server().ask('/v1/payouts', { token: alice.token, key: randomUUID(), send: { items, mode: 'all' } });
  t.is((await payout()).status, 201);
  const { json: single } = await pay(server(), alice, line);
  t.is((await payout()).status, 201);
  const refusal = await pay(server(), alice, line);
  isRefused(t, refusal, 'POSSIBLE_DUPLICATE');
  t.is(refusal.json.duplicateOf, single.id);
});

const ask = (person: Person, send: object, key: string = randomUUID()) =>
  server().ask('/v1/requests', { token: person.token, key, send });

const refund = (person: Person, id: string, send: object) =>
  server().ask(`/v1/payments/${id}/refunds`, { token: person.token, key: randomUUID(), send });

test('a person is asked about the same request again, and a script is not', async (t) => {
  const [alice, bob] = await Promise.all([newPerson(server()), newPerson(server())]);
  const send = { from: bob.username, amount: '10.00', memo: 'lunch' };
  const { json: first } = await ask(alice, send);
  const refusal = await ask(alice, send);
  isRefused(t, refusal, 'POSSIBLE_DUPLICATE');
  t.like(refusal.json, { duplicateOf: first.id, askedAt: first.createdAt });
  isRefused(t, await ask(alice, { ...send, dryRun: true }), 'POSSIBLE_DUPLICATE');
  t.is((await ask(alice, { ...send, memo: 'dinner' })).status, 201);
  t.is((await ask(await asScript(server(), alice), send)).status, 201);
  isRefused(t, await ask(alice, { ...send, confirmDuplicateOf: first.id }), 'POSSIBLE_DUPLICATE');
  t.is((await ask(alice, { ...send, confirmDuplicateOf: '*' })).status, 201);
});

test('a person is asked about the same refund again, and nothing moves', async (t) => {
  const [alice, bob] = await Promise.all([newPerson(server()), newPerson(server())]);
  const { json: payment } = await pay(server(), alice, { to: bob.username, amount: '10.00' });
  const { json: first } = await refund(bob, payment.id, { amount: '2.00' });
  const before = await moneyOf(server(), [alice, bob]);
  const refusal = await refund(bob, payment.id, { amount: '2.00' });
  isRefused(t, refusal, 'POSSIBLE_DUPLICATE');
  t.like(refusal.json, { duplicateOf: first.id, paidAt: first.createdAt });
  t.deepEqual(await moneyOf(server(), [alice, bob]), before);
  t.is((await refund(bob, payment.id, { amount: '3.00' })).status, 201);
  t.is((await refund(bob, payment.id, { amount: '2.00', confirmDuplicateOf: first.id })).status, 201);
});

test('a request and its acceptance can be tried out without a key, and leave nothing behind', async (t) => {
  const [alice, bob] = await Promise.all([newPerson(server()), newPerson(server(), 'USD')]);
  const send = { from: bob.username, amount: '10.00' };
  const tryOut = (person: Person, path: string, given: object) =>
    server().ask(path, { token: person.token, send: { ...given, dryRun: true } });
  const { status, json, headers } = await tryOut(alice, '/v1/requests', send);
  t.deepEqual([status, json.id, json.status, headers.location], [200, null, 'pending', undefined]);
  isRefused(t, await tryOut(alice, '/v1/requests', { ...send, from: 'nobody' }), 'USER_NOT_FOUND');
  const list = () => server().ask('/v1/requests', { token: bob.token });
  t.deepEqual((await list()).json.data, []);

  const { json: request } = await ask(alice, send);
  const path = `/v1/requests/${request.id}/accept`;
  const { json: tried } = await tryOut(bob, path, {});
  t.like(tried.request, { id: request.id, status: 'paid', paymentId: null });
  t.like(tried.payment, { id: null, sent: { amount: '12.70', currency: 'USD' } });
  isRefused(t, await tryOut(bob, path, { maxDebit: '12.69' }), 'RATE_CHANGED');
  t.deepEqual((await list()).json.data, [request]);
  t.is(await balanceOf(server(), bob), '1270.00');
});
