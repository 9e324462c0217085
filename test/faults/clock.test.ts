import test, { type ExecutionContext } from 'ava';
import { startTimeService } from '../../thrift/service.js';
import { makeDataFolder } from '../support/first-start.js';
import type { PayServerProcess } from '../support/server-process.js';
import { assertWhole, type Books, readBooks } from './support/books.js';
import { balanceOf, type Client, logIn, makeClient, type User } from './support/client.js';
import { startServer, startTime } from './support/server.js';

interface Story {
  readonly data: string;
  readonly client: Client;
  readonly alice: User;
  readonly bob: User;
}

async function begin(t: ExecutionContext, server: PayServerProcess): Promise<Story> {
  const client = await makeClient(t, server);
  return {
    data: server.dataDir,
    client,
    alice: await client.register('alice'),
    bob: await client.register('bob'),
  };
}

const countsOf = ({ payments, entries, keys }: Books) => [payments.length, entries.length, keys.length];

/** Asserts that whatever needs a time is refused soon with nothing written, and that all else goes on. */
async function assertRefusedWithoutTime(
  t: ExecutionContext,
  { data, client, alice, bob }: Story,
  keys: readonly string[],
): Promise<void> {
  const before = await readBooks(data);
  const balance = await balanceOf(client, alice);
  for (const reply of await Promise.all(keys.map((key) => client.pay(alice, bob, '5.00', key)))) {
    t.is(reply.status, 503);
    t.is(reply.code, 'CLOCK_UNAVAILABLE');
    t.truthy(reply.headers['retry-after']);
    t.true(reply.elapsedMs < 5_000, `${reply.elapsedMs} ms`);
  }
  t.is((await client.ask('GET', '/v1/time', { token: alice.token })).code, 'CLOCK_UNAVAILABLE');
  t.is((await client.ask('GET', '/readyz')).code, 'CLOCK_UNAVAILABLE');
  t.is((await client.ask('GET', '/healthz')).status, 200);
  t.is((await logIn(client, alice)).status, 201);
  t.is(await balanceOf(client, alice), balance);
  t.is((await client.ask('GET', '/v1/payments', { token: bob.token })).status, 200);
  t.deepEqual(countsOf(await readBooks(data)), countsOf(before));
}

/** Asserts that the service needs nothing but to answer again: what was refused is done under the same keys. */
async function assertHealed(
  t: ExecutionContext,
  { client, alice, bob }: Story,
  keys: readonly string[],
): Promise<void> {
  for (const key of keys) {
    const paid = await client.pay(alice, bob, '5.00', key);
    t.is(paid.status, 201, paid.text);
    t.is(paid.headers['idempotency-replayed'], undefined);
  }
  t.is((await client.ask('GET', '/readyz')).status, 200);
}

test('without an answer of the timestamp service nothing is paid and all else goes on, until it answers', async (t) => {
  const time = await startTime(t);
  const server = await startServer(t, await makeDataFolder(t), { timeAddress: time.address });
  const story = await begin(t, server);

  time.process.kill('SIGSTOP');
  await assertRefusedWithoutTime(t, story, ['stopped-1', 'stopped-2', 'stopped-3']);
  time.process.kill('SIGCONT');
  await assertHealed(t, story, ['stopped-1', 'stopped-2', 'stopped-3']);

  await time.kill();
  await assertRefusedWithoutTime(t, story, ['killed-1', 'killed-2']);
  await startTime(t, Number(time.address.split(':').at(-1)));
  await assertHealed(t, story, ['killed-1', 'killed-2']);

  t.is(await server.stop(), 0);
  assertWhole(t, await readBooks(story.data));
});

test('a server whose timestamp service is not there yet waits for it before it is ready', async (t) => {
  const time = await startTime(t);
  await time.kill();
  let isReady = false;
  const starting = startServer(t, await makeDataFolder(t), { timeAddress: time.address }).then((server) => {
    isReady = true;
    return server;
  });
  // Longer than any start takes, and than the first question to the service.
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  t.false(isReady);
  await startTime(t, Number(time.address.split(':').at(-1)));
  t.is(await (await starting).stop(), 0);
});

interface Liar {
  readonly address: string;
  /** What it answers from now on, in microseconds since 1970. */
  says(micros: number): void;
}

async function startLiar(t: ExecutionContext, firstMicros: number): Promise<Liar> {
  let micros = firstMicros;
  const service = await startTimeService({ host: '127.0.0.1', port: 0, nowMicros: () => micros });
  t.teardown(() => service.close());
  return {
    address: `127.0.0.1:${service.port}`,
    says(next) {
      micros = next;
    },
  };
}

async function newestTime(data: string): Promise<number> {
  return (await readBooks(data)).payments.at(-1)?.created_at ?? 0;
}

const secondMicros = 1_000_000;
const minuteMicros = 60 * secondMicros;
const machineMicros = () => Date.now() * 1000;

test('a timestamp service that is far off the clock of the machine is not believed', async (t) => {
  const liar = await startLiar(t, machineMicros());
  const data = await makeDataFolder(t);
  const server = await startServer(t, data, { timeAddress: liar.address });
  const { client, alice, bob } = await begin(t, server);
  const counts = countsOf(await readBooks(data));
  for (const offMicros of [10 * minuteMicros, -10 * minuteMicros, 6 * minuteMicros, -(10 ** 15)]) {
    liar.says(machineMicros() + offMicros);
    t.is((await client.pay(alice, bob, '1.00', 'key')).code, 'CLOCK_UNAVAILABLE', String(offMicros));
  }
  for (const wrong of [0, -1, Number.MAX_SAFE_INTEGER]) {
    liar.says(wrong);
    t.is((await client.pay(alice, bob, '1.00', 'key')).code, 'CLOCK_UNAVAILABLE', String(wrong));
  }
  t.deepEqual(countsOf(await readBooks(data)), counts);
  const slightlyOff = machineMicros() + 4 * minuteMicros;
  liar.says(slightlyOff);
  t.is((await client.pay(alice, bob, '1.00', 'key')).status, 201);
  t.is(await newestTime(data), slightlyOff);
  t.is(await server.stop(), 0);
});

test('times never run backwards, restarts included: a little behind is newest plus a microsecond, more is refused', async (t) => {
  const base = machineMicros() + minuteMicros;
  const liar = await startLiar(t, base - minuteMicros);
  const data = await makeDataFolder(t);
  let server = await startServer(t, data, { timeAddress: liar.address });
  let { client, alice, bob } = await begin(t, server);
  liar.says(base);

  const paysAt = async (saysMicros: number, expectedMicros: number) => {
    liar.says(saysMicros);
    const reply = await client.pay(alice, bob, '1.00');
    t.is(reply.status, 201, reply.text);
    t.is(await newestTime(data), expectedMicros);
  };
  const refusesAt = async (saysMicros: number) => {
    liar.says(saysMicros);
    const before = await newestTime(data);
    t.is((await client.pay(alice, bob, '1.00')).code, 'CLOCK_UNAVAILABLE');
    t.is(await newestTime(data), before);
  };
  await paysAt(base, base);
  await paysAt(base, base + 1);
  await paysAt(base - 2 * secondMicros, base + 2);
  await paysAt(base + 2 - 5 * secondMicros, base + 3);
  await refusesAt(base + 2 - 5 * secondMicros);
  await refusesAt(base - 30 * secondMicros);

  for (const end of ['stop', 'kill'] as const) {
    await server[end]();
    server = await startServer(t, data, { timeAddress: liar.address });
    client = await makeClient(t, server);
    await refusesAt(base - 10 * secondMicros);
    const newest = await newestTime(data);
    await paysAt(base - secondMicros, newest + 1);
  }
  await paysAt(base + secondMicros, base + secondMicros);
  t.is(await server.stop(), 0);
  assertWhole(t, await readBooks(data));
});
