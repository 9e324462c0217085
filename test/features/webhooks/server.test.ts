import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { newPerson, pay } from '../../api/support/people.js';
import { isRefused } from '../../api/support/refusal.js';
import { makeCertificate } from '../../http/support/certificate.js';
import { makeDataFolder } from '../../support/first-start.js';
import { isSigned } from './support/own-hmac.js';
import { startServer } from './support/pay-server.js';
import { never, startReceiver, withStatus } from './support/receiver.js';
import { areSettled, type Delivery, deliveriesWhen, hook, makeWebhook } from './support/webhooks.js';

test.serial('money received is told to an https endpoint that can verify who tells it', async (t) => {
  const folder = await makeDataFolder(t);
  const tls = await makeCertificate();
  const caFile = join(folder, 'endpoint.pem');
  await writeFile(caFile, tls.cert);
  const receiver = await startReceiver(t, { tls });
  const server = await startServer(t, folder, {
    PAY_WEBHOOKS_PRIVATE: 'true',
    NODE_EXTRA_CA_CERTS: caFile,
  });
  const [alice, bob] = [await newPerson(server), await newPerson(server, 'USD')];
  const made = await makeWebhook(server, bob, `https://localhost:${receiver.port}/hook?a=1`);
  t.is(made.status, 201, made.text);
  t.is(made.headers.location, `/v1/webhooks/${made.json.id}`);
  const payment = await pay(server, alice, { to: bob.username, amount: '10.00', memo: 'Żółć' });
  const { method, path, headers, body } = await receiver.next();
  t.is(`${method} ${path}`, 'POST /hook?a=1');
  t.true(isSigned(String(headers['pay-signature']), made.json.secret, body));
  t.regex(String(headers['user-agent']), /^pay\/\d+\.\d+\.\d+$/);
  const { json: inbox } = await server.ask('/v1/notifications', { token: bob.token });
  const event = inbox.data.find(({ type }: Delivery) => type === 'payment.received');
  const { read: _read, ...told } = event;
  t.deepEqual(JSON.parse(body), told);
  t.is(told.data.id, payment.json.id);
  t.is(told.data.direction, 'received');
  t.is(headers['pay-event-id'], event.id);
  const [delivery] = await deliveriesWhen(server, bob, made.json.id, areSettled);
  t.like(delivery, {
    id: headers['pay-delivery-id'],
    eventId: event.id,
    type: 'payment.received',
    status: 'delivered',
    attempts: 1,
    lastStatus: 200,
    nextAttemptAt: null,
    lastError: null,
  });
  t.is(receiver.count(), 1);
  t.false(server.stderr().includes(made.json.secret), 'the log holds no secrets');
});

test.serial('a server that is killed in the middle of deliveries loses none', async (t) => {
  const folder = await makeDataFolder(t);
  const receiver = await startReceiver(t, { answer: never });
  const before = await startServer(t, folder);
  const [alice, bob] = [await newPerson(before), await newPerson(before)];
  const { json: webhook } = await makeWebhook(before, bob, hook(receiver));
  const payments = await Promise.all(
    Array.from({ length: 12 }, (_, place) =>
      pay(before, alice, { to: bob.username, amount: `${place + 1}.00` }),
    ),
  );
  t.true(payments.every(({ status }) => status === 201));
  await receiver.next();
  await before.kill();
  receiver.answer(withStatus(202));
  const after = await startServer(t, folder);
  const paid = new Set(payments.map(({ json }) => json.id));
  const told = new Set<string>();
  while (told.size < paid.size) {
    const { headers, body } = await receiver.next();
    t.true(isSigned(String(headers['pay-signature']), webhook.secret, body));
    told.add(JSON.parse(body).data.id);
  }
  t.deepEqual([...told].sort(), [...paid].sort());
  const deliveries = await deliveriesWhen(
    after,
    bob,
    webhook.id,
    (all) => all.length === paid.size && areSettled(all),
  );
  t.is(new Set(deliveries.map(({ eventId }) => eventId)).size, paid.size);
  t.true(deliveries.every(({ status, attempts }) => status === 'delivered' && attempts === 1));
});

test.serial(
  'a server that is asked to stop does not wait for endpoints, and delivers after its next start',
  async (t) => {
    const folder = await makeDataFolder(t);
    const receiver = await startReceiver(t, { answer: never });
    const before = await startServer(t, folder);
    const [alice, bob] = [await newPerson(before), await newPerson(before)];
    await makeWebhook(before, bob, hook(receiver));
    await pay(before, alice, { to: bob.username, amount: '1.00' });
    const first = await receiver.next();
    const began = performance.now();
    t.is(await before.stop(), 0);
    t.true(performance.now() - began < 5_000);
    receiver.answer(withStatus(200));
    await startServer(t, folder);
    const second = await receiver.next();
    t.is(second.headers['pay-delivery-id'], first.headers['pay-delivery-id']);
  },
);

const wrongUrls = [
  'http://127.0.0.1/',
  'http://example.org/',
  'https://127.0.0.1/',
  'https://2130706433/',
  'https://0x7f.1/',
  'https://[::ffff:127.0.0.1]/',
  'https://[::1]:8443/',
  'https://localhost/',
  'https://10.1.2.3/',
  'https://169.254.169.254/latest/meta-data/',
  'https://100.64.1.1/',
  'https://[fd00::1]/',
  'https://[64:ff9b::a00:1]/',
  'https://no-such-host.invalid/',
  'https://user:sesame@8.8.8.8/',
  'https://@8.8.8.8/#a',
  'https://8.8.8.8/#',
  'ftp://8.8.8.8/',
  'javascript:alert(1)',
  'file:///etc/passwd',
  '//8.8.8.8/',
  'shop.example.org',
  '',
  `https://8.8.8.8/${'a'.repeat(2_040)}`,
  `https://8.8.8.8/${'ż'.repeat(500)}`,
];

test.serial('without leave of the operator, nothing but https on the public internet is taken', async (t) => {
  const server = await startServer(t, await makeDataFolder(t), {});
  const bob = await newPerson(server);
  for (const url of wrongUrls) {
    isRefused(t, await makeWebhook(server, bob, url), 'VALIDATION_FAILED', { fields: ['url'] });
  }
  t.deepEqual((await server.ask('/v1/webhooks', { token: bob.token })).json.data, []);
});

test.serial(
  'a webhook that was registered with leave leads nowhere once the leave is taken back',
  async (t) => {
    const folder = await makeDataFolder(t);
    const receiver = await startReceiver(t);
    const before = await startServer(t, folder);
    const [alice, bob] = [await newPerson(before), await newPerson(before)];
    const { json: webhook } = await makeWebhook(before, bob, hook(receiver));
    await before.stop();
    const after = await startServer(t, folder, {});
    await pay(after, alice, { to: bob.username, amount: '1.00' });
    const [delivery] = await deliveriesWhen(after, bob, webhook.id, ([one]) => one?.attempts === 1);
    t.like(delivery, { status: 'pending', lastStatus: null, lastError: 'must begin with https://' });
    t.is(receiver.count(), 0);
  },
);
