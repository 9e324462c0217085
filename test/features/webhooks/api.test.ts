import test from 'ava';
import { publicId } from '../../../server/ids.js';
import { serverForFile } from '../../api/support/api-server.js';
import { newPerson, pay } from '../../api/support/people.js';
import { isRefused } from '../../api/support/refusal.js';
import { startReceiver, withStatus } from './support/receiver.js';
import { areSettled, deliveriesWhen, hook, makeWebhook } from './support/webhooks.js';

const serverOf = serverForFile(test, { environment: { PAY_WEBHOOKS_PRIVATE: 'true' } });

test('what fails is tried again, and what was delivered is sent again when asked for', async (t) => {
  const receiver = await startReceiver(t, { answer: withStatus(500) });
  const server = serverOf();
  const [alice, bob] = [await newPerson(server), await newPerson(server)];
  const { json: webhook } = await makeWebhook(server, bob, hook(receiver));
  await pay(server, alice, { to: bob.username, amount: '1.00' });
  const first = await receiver.next();
  const [failing] = await deliveriesWhen(server, bob, webhook.id, ([one]) => one?.attempts === 1);
  t.like(failing, { status: 'pending', lastStatus: 500, lastError: 'answered with status 500' });
  receiver.answer(withStatus(200));
  const second = await receiver.next();
  t.is(second.body, first.body);
  const [delivery] = await deliveriesWhen(server, bob, webhook.id, areSettled);
  t.like(delivery, { status: 'delivered', attempts: 2 });
  const address = `/v1/webhooks/${webhook.id}/deliveries/${delivery?.id}/resend`;
  const resent = await server.ask(address, { method: 'POST', token: bob.token });
  t.is(resent.status, 200);
  t.like(resent.json, { id: delivery?.id, status: 'pending', attempts: 0, type: 'payment.received' });
  const third = await receiver.next();
  t.is(third.headers['pay-event-id'], first.headers['pay-event-id']);
  t.is(third.headers['pay-delivery-id'], first.headers['pay-delivery-id']);
  await deliveriesWhen(server, bob, webhook.id, areSettled);
  t.is(receiver.count(), 3);
});

test('webhooks are listed, shown and deleted by their owner alone', async (t) => {
  const receiver = await startReceiver(t);
  const server = serverOf();
  const { ask } = server;
  const [alice, bob] = [await newPerson(server), await newPerson(server)];
  const made = [];
  for (let count = 0; count < 10; count += 1) {
    made.push((await makeWebhook(server, bob, hook(receiver, `/${count}`), ['*'])).json);
  }
  const eleventh = await makeWebhook(server, bob, hook(receiver));
  isRefused(t, eleventh, 'LIMIT_EXCEEDED', { detail: /10 active webhooks/ });
  t.like(eleventh.json, { limit: 10, remaining: 0 });
  const newest = made.toReversed().map(({ secret: _secret, ...shown }) => shown);
  const first = await ask('/v1/webhooks?limit=7', { token: bob.token });
  t.deepEqual(first.json.data, newest.slice(0, 7));
  const rest = await ask(`/v1/webhooks?limit=7&cursor=${first.json.nextCursor}`, { token: bob.token });
  t.deepEqual(rest.json, { data: newest.slice(7), nextCursor: null });
  const path = `/v1/webhooks/${made[0].id}`;
  t.deepEqual((await ask(path, { token: bob.token })).json, newest.at(-1));
  for (const [method, address] of [
    ['GET', path],
    ['DELETE', path],
    ['GET', `${path}/deliveries`],
    ['POST', `${path}/deliveries/${publicId('dlv', 1)}/resend`],
  ] as const) {
    isRefused(t, await ask(address, { method, token: alice.token }), 'NOT_FOUND');
  }
  t.deepEqual((await ask('/v1/webhooks', { token: alice.token })).json.data, []);
  t.is((await ask(path, { method: 'DELETE', token: bob.token })).status, 204);
  isRefused(t, await ask(path, { token: bob.token }), 'NOT_FOUND');
  isRefused(t, await ask(path, { method: 'DELETE', token: bob.token }), 'NOT_FOUND');
  t.is((await makeWebhook(server, bob, hook(receiver))).status, 201);
});

test('an id that is nobody’s, of another kind or none at all is not found', async (t) => {
  const receiver = await startReceiver(t);
  const server = serverOf();
  const bob = await newPerson(server);
  const { json: webhook } = await makeWebhook(server, bob, hook(receiver));
  const unknown = (prefix: 'whk' | 'dlv') => [
    publicId(prefix, 32 ** 10 - 1),
    publicId('evt', 1),
    `${prefix}_00000000ab`,
    `${prefix}_1`,
    '1',
  ];
  for (const id of unknown('whk')) {
    isRefused(t, await server.ask(`/v1/webhooks/${id}`, { token: bob.token }), 'NOT_FOUND');
  }
  for (const id of unknown('dlv')) {
    const resend = `/v1/webhooks/${webhook.id}/deliveries/${id}/resend`;
    isRefused(t, await server.ask(resend, { method: 'POST', token: bob.token }), 'NOT_FOUND');
  }
});

test('deliveries are listed a page at a time, and a cursor fits its own webhook only', async (t) => {
  const receiver = await startReceiver(t);
  const server = serverOf();
  const [alice, bob] = [await newPerson(server), await newPerson(server)];
  const { json: one } = await makeWebhook(server, bob, hook(receiver));
  const { json: other } = await makeWebhook(server, bob, hook(receiver), ['webhook.disabled']);
  for (let count = 0; count < 5; count += 1) {
    await pay(server, alice, { to: bob.username, amount: `${count + 1}.00` });
  }
  const all = await deliveriesWhen(
    server,
    bob,
    one.id,
    (deliveries) => deliveries.length === 5 && areSettled(deliveries),
  );
  const ids = all.map(({ id }) => id);
  t.deepEqual(ids, ids.toSorted().reverse());
  const path = `/v1/webhooks/${one.id}/deliveries?limit=3`;
  const first = await server.ask(path, { token: bob.token });
  t.deepEqual(first.json.data, all.slice(0, 3));
  const cursor = encodeURIComponent(first.json.nextCursor);
  const rest = await server.ask(`${path}&cursor=${cursor}`, { token: bob.token });
  t.deepEqual(rest.json, { data: all.slice(3), nextCursor: null });
  const elsewhere = `/v1/webhooks/${other.id}/deliveries`;
  t.deepEqual((await server.ask(elsewhere, { token: bob.token })).json.data, []);
  isRefused(t, await server.ask(`${elsewhere}?cursor=${cursor}`, { token: bob.token }), 'INVALID_CURSOR');
});

test('only the scope pay lets a token touch webhooks', async (t) => {
  const server = serverOf();
  const bob = await newPerson(server);
  const tokenWith = async (scope: string) => {
    const send = { name: scope, scopes: [scope] };
    return (await server.ask('/v1/tokens', { token: bob.token, send })).json.token;
  };
  isRefused(t, await server.ask('/v1/webhooks', { token: await tokenWith('read') }), 'FORBIDDEN');
  t.is((await server.ask('/v1/webhooks', { token: await tokenWith('pay') })).status, 200);
  isRefused(t, await server.ask('/v1/webhooks'), 'UNAUTHENTICATED');
});

test('types of events that are wrong, doubled or missing are refused', async (t) => {
  const receiver = await startReceiver(t);
  const server = serverOf();
  const bob = await newPerson(server);
  for (const types of [
    [],
    ['payment.sent'],
    ['*', 'payment.received'],
    ['*', '*'],
    'payment.received',
    null,
  ]) {
    const reply = await server.ask('/v1/webhooks', {
      token: bob.token,
      send: { url: hook(receiver), types },
    });
    isRefused(t, reply, 'VALIDATION_FAILED');
    t.true(reply.json.errors[0].field.startsWith('types'), reply.text);
  }
});
