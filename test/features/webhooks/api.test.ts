import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import test from 'ava';
import { publicId } from '../../../server/ids.js';
import { serverForFile } from '../../api/support/api-server.js';
import { goodPassword, logIn, newPerson, pay } from '../../api/support/people.js';
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
  const neither = await server.ask('/v1/webhooks/1/deliveries/1/resend', {
    method: 'POST',
    token: bob.token,
  });
  isRefused(t, neither, 'NOT_FOUND', { detail: /You have no webhook/, see: 'listWebhooks' });
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

test('only the scopes pay and read together let a token touch webhooks', async (t) => {
  const server = serverOf();
  const bob = await newPerson(server);
  const tokenWith = async (...scopes: string[]) => {
    const send = { name: 'script', scopes };
    return (await server.ask('/v1/tokens', { token: bob.token, send })).json.token;
  };
  for (const scope of ['read', 'pay']) {
    const refused = await server.ask('/v1/webhooks', { token: await tokenWith(scope) });
    isRefused(t, refused, 'FORBIDDEN');
    t.is(
      refused.headers['www-authenticate'],
      'Bearer realm="pay", error="insufficient_scope", scope="pay read"',
    );
  }
  t.is((await server.ask('/v1/webhooks', { token: await tokenWith('read', 'pay') })).status, 200);
  isRefused(t, await server.ask('/v1/webhooks'), 'UNAUTHENTICATED');
});

test('a webhook ends with the token or session that it was made with, and its owner is told', async (t) => {
  const receiver = await startReceiver(t);
  const server = serverOf();
  const { ask } = server;
  const [alice, bob] = [await newPerson(server), await newPerson(server)];
  const send = { name: 'script', scopes: ['read', 'pay'] };
  const made = (await ask('/v1/tokens', { token: bob.token, send })).json;
  const other = { ...bob, token: await logIn(server, bob.username) };
  const ofToken = (await makeWebhook(server, { ...bob, token: made.token }, hook(receiver), ['*'])).json;
  const ofOther = (await makeWebhook(server, other, hook(receiver), ['*'])).json;
  const ofBob = (await makeWebhook(server, bob, hook(receiver, '/bob'))).json;
  await ask(`/v1/tokens/${made.id}`, { method: 'DELETE', token: bob.token });
  await ask('/v1/sessions/current', { method: 'DELETE', token: other.token });
  const { data } = (await ask('/v1/webhooks', { token: bob.token })).json;
  const statuses = Object.fromEntries(data.map(({ id, status }: Record<string, string>) => [id, status]));
  t.deepEqual(statuses, { [ofToken.id]: 'disabled', [ofOther.id]: 'disabled', [ofBob.id]: 'active' });
  const inbox = (await ask('/v1/notifications', { token: bob.token })).json.data;
  const told = inbox.filter(({ type }: { type: string }) => type === 'webhook.disabled');
  t.deepEqual(
    told.map(({ data: { id } }: { data: { id: string } }) => id),
    [ofOther.id, ofToken.id],
  );
  t.regex(told[0].data.reason, /has ended/);
  t.is(inbox.filter(({ type }: { type: string }) => type === 'webhook.created').length, 3);
  await pay(server, alice, { to: bob.username, amount: '1.00' });
  await deliveriesWhen(server, bob, ofBob.id, areSettled);
  let { path } = await receiver.next();
  while (path !== '/bob') {
    ({ path } = await receiver.next());
  }
  for (const { id } of [ofToken, ofOther]) {
    const deliveries = await deliveriesWhen(server, bob, id, () => true);
    t.false(deliveries.some(({ type }) => type === 'payment.received'));
  }
  const password = { currentPassword: goodPassword, newPassword: `${goodPassword}-new` };
  const third = { ...bob, token: await logIn(server, bob.username) };
  t.is((await ask('/v1/me/password', { token: third.token, send: password })).status, 204);
  t.is((await ask(`/v1/webhooks/${ofBob.id}`, { token: third.token })).json.status, 'disabled');
});

test('an endpoint that does not answer the challenge becomes no webhook', async (t) => {
  const server = serverOf();
  const bob = await newPerson(server);
  const answers: Record<string, (challenge: string) => [number, string]> = {
    '/other': () => [200, 'thank you'],
    '/json': () => [200, '{"challenge":null}'],
    '/failing': (challenge) => [500, challenge],
    '/redirecting': (challenge) => [302, challenge],
  };
  const endpoint = createServer(async (request, response) => {
    const { challenge, type } = JSON.parse(await text(request));
    t.is(type, 'webhook.challenge');
    const [status, body] = answers[request.url ?? '']?.(challenge) ?? [200, challenge];
    response.writeHead(status, { location: '/plain' }).end(body);
  });
  t.teardown(() => endpoint.close());
  await once(endpoint.listen(0, '127.0.0.1'), 'listening');
  const { port } = endpoint.address() as AddressInfo;
  for (const path of Object.keys(answers)) {
    const reply = await makeWebhook(server, bob, `http://127.0.0.1:${port}${path}`);
    isRefused(t, reply, 'VALIDATION_FAILED', { fields: ['url'], detail: /must answer the challenge/ });
  }
  t.deepEqual((await server.ask('/v1/webhooks', { token: bob.token })).json.data, []);
  t.is((await makeWebhook(server, bob, `http://127.0.0.1:${port}/plain`)).status, 201);
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
