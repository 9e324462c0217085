import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import test from 'ava';
import { startTimeService, type TimeService } from '../../../thrift/service.js';
import { type ApiServer, startServer } from '../support/api-server.js';
import { booksOf } from '../support/database.js';
import { balanceOf, freshName, logIn, newPerson, type Person, pay, register } from '../support/people.js';
import { isRefused } from '../support/refusal.js';

let time: TimeService;
let port: number;
let server: ApiServer;
let alice: Person;
let bob: Person;

test.serial.before('a server starts whose timestamp service is elsewhere', async () => {
  time = await startTimeService({ host: '127.0.0.1', port: 0 });
  port = time.port;
  server = await startServer({ flags: ['--time-address', `127.0.0.1:${port}`] });
  [alice, bob] = await Promise.all([newPerson(server, 'GBP'), newPerson(server, 'USD')]);
});

test.after.always('both stop', async () => {
  await server.stop();
  await time.close();
});

test.serial('without the timestamp service no money moves, and what needs none goes on', async (t) => {
  const before = await booksOf(server, [alice, bob]);
  await time.close();
  const key = freshName('key');
  const send = { to: bob.username, amount: '1.00' };
  const refusal = await pay(server, alice, send, key);
  isRefused(t, refusal, 'CLOCK_UNAVAILABLE', { detail: /same Idempotency-Key/ });
  t.regex(String(refusal.headers['retry-after']), /^[1-9]\d*$/);
  const { token } = alice;
  isRefused(
    t,
    await server.ask('/v1/payments', { token, send: { ...send, dryRun: true } }),
    'CLOCK_UNAVAILABLE',
  );
  isRefused(t, await server.ask('/v1/time', { token }), 'CLOCK_UNAVAILABLE');
  isRefused(t, await register(server), 'CLOCK_UNAVAILABLE');
  isRefused(t, await server.ask('/readyz'), 'CLOCK_UNAVAILABLE');
  t.is((await server.ask('/healthz')).status, 200);
  t.is((await server.ask('/v1/payments', { token })).status, 200);
  t.regex(await logIn(server, alice.username), /^pay_ses_/);
  t.is((await server.ask('/v1/tokens', { token, send: { name: 'x', scopes: ['read'] } })).status, 201);
  t.deepEqual(await booksOf(server, [alice, bob]), before);

  time = await startTimeService({ host: '127.0.0.1', port });
  const paid = await pay(server, alice, send, key);
  t.is(paid.status, 201);
  t.is(paid.headers['idempotency-replayed'], undefined);
  t.is((await server.ask('/readyz')).status, 200);
  await time.close();
  const replay = await pay(server, alice, send, key);
  t.deepEqual([replay.status, replay.text], [201, paid.text]);
  time = await startTimeService({ host: '127.0.0.1', port });
  t.is(await balanceOf(server, alice), '999.00');
});

test.serial('a timestamp service that accepts and never answers is not waited for', async (t) => {
  await time.close();
  const mute = createServer((socket) => socket.resume());
  mute.listen(port, '127.0.0.1');
  await once(mute, 'listening');
  t.is((mute.address() as AddressInfo).port, port);
  const startedAtMs = performance.now();
  isRefused(t, await pay(server, alice, { to: bob.username, amount: '1.00' }), 'CLOCK_UNAVAILABLE');
  t.true(performance.now() - startedAtMs < 10_000);
  t.is(await balanceOf(server, alice), '999.00');
  await server.stop();
  await new Promise((resolve) => mute.close(resolve));
  time = await startTimeService({ host: '127.0.0.1', port });
});

test.serial('readiness judges the time as a payment would', async (t) => {
  let aheadMicros = 0;
  const nowMicros = () => Date.now() * 1_000 + aheadMicros;
  const other = await startTimeService({ host: '127.0.0.1', port: 0, nowMicros });
  const judged = await startServer({ flags: ['--time-address', `127.0.0.1:${other.port}`] });
  try {
    const [anna, ben] = [await newPerson(judged, 'GBP'), await newPerson(judged, 'GBP')];
    t.is((await judged.ask('/readyz')).status, 200);
    aheadMicros = 301_000_000;
    const off = await judged.ask('/readyz');
    isRefused(t, off, 'CLOCK_UNAVAILABLE', { detail: /more than five minutes off/ });
    isRefused(t, await pay(judged, anna, { to: ben.username, amount: '1.00' }), 'CLOCK_UNAVAILABLE');
    aheadMicros = -65_000_000;
    const behind = await judged.ask('/readyz');
    isRefused(t, behind, 'CLOCK_UNAVAILABLE', { detail: /behind the newest payment/ });
    const paid = await pay(judged, anna, { to: ben.username, amount: '1.00' });
    isRefused(t, paid, 'CLOCK_UNAVAILABLE');
    for (const { headers } of [behind, paid]) {
      const seconds = Number(headers['retry-after']);
      t.true(seconds > 30 && seconds <= 60, String(seconds));
    }
    aheadMicros = 0;
    t.is((await judged.ask('/readyz')).status, 200);
  } finally {
    await judged.stop();
    await other.close();
  }
});
