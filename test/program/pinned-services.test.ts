import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:https';
import { type AddressInfo, createServer as createPlainServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { execa } from 'execa';
import { Agent, request } from 'undici';
import { startPayServer, startPayTime } from '../support/server-process.js';
import { until } from '../support/until.js';
import { certificateFiles } from '../tls/support/certificates.js';

const dispatcher = new Agent({ connect: { rejectUnauthorized: false } });
test.after.always(() => dispatcher.destroy());

interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: what a test expects of it is what the test says next.
  readonly json: any;
}

async function get(url: string): Promise<Answer> {
  const { statusCode, body } = await request(url, { dispatcher });
  return { status: statusCode, json: await body.json() };
}

async function register(server: string): Promise<Answer> {
  const { statusCode, body } = await request(`${server}/v1/users`, {
    dispatcher,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      username: 'mallorca',
      email: 'm@example.org',
      password: 'correct horse staple',
      currency: 'GBP',
    }),
  });
  return { status: statusCode, json: await body.json() };
}

async function startTime(t: ExecutionContext) {
  const { cert, key } = await certificateFiles(t);
  const time = await startPayTime(0, ['--host', '0.0.0.0', '--tls-cert', cert, '--tls-key', key]);
  t.teardown(time.stop);
  return { address: `localhost:${time.address.split(':').at(-1)}`, cert };
}

test('a timestamp service is believed over TLS by the certificate that the operator gave', async (t) => {
  const { address, cert } = await startTime(t);
  const server = await startPayServer({ timeAddress: address, flags: ['--time-ca', cert] });
  t.teardown(server.stop);
  const { status, json } = await register(server.url);
  t.is(status, 201);
  t.is(json.balance.amount, '1000.00');
});

async function freePort(): Promise<number> {
  const server = createPlainServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

test('a timestamp service with another certificate is not believed: nothing is paid with its time', async (t) => {
  const { address } = await startTime(t);
  const { cert: another } = await certificateFiles(t);
  const dataDir = await mkdtemp(join(tmpdir(), 'pay-pinned-'));
  const port = await freePort();
  const words = ['--data', dataDir, '--port', String(port), '--time-address', address, '--time-ca', another];
  // It never says that it is ready, so it is asked.
  const server = execa(join(import.meta.dirname, '../../../bin/pay-server'), ['start', ...words], {
    reject: false,
  });
  t.teardown(async () => {
    server.kill();
    await server;
    await rm(dataDir, { recursive: true, force: true });
  });
  const url = `https://127.0.0.1:${port}`;
  await until('an answer', () =>
    get(`${url}/healthz`).then(
      ({ status }) => status === 200,
      () => false,
    ),
  );
  const { status, json } = await get(`${url}/readyz`);
  t.deepEqual([status, json.code], [503, 'CLOCK_UNAVAILABLE']);
  const refused = await register(url);
  t.deepEqual([refused.status, refused.json.code], [503, 'CLOCK_UNAVAILABLE']);

  server.kill('SIGTERM');
  const { exitCode, stdout, stderr } = await server;
  t.deepEqual([exitCode, stdout], [0, '']);
  const told = stderr.split('\n').filter((line) => line.includes('not ready'));
  t.is(told.length, 1, stderr);
  t.regex(told[0] ?? '', new RegExp(`${address} gives no time: .*certificate`));
});

for (const [what, words] of Object.entries({
  'does not exist': ['--time-ca', '/nowhere/time.crt'],
  'holds no certificate': ['--time-ca', import.meta.filename],
})) {
  test(`a certificate of the timestamp service that ${what} stops the start with the reason`, async (t) => {
    const starting = startPayServer({ timeAddress: '192.0.2.1:10000', flags: words });
    const { message = '' } = (await t.throwsAsync(starting)) ?? {};
    t.true(message.includes(`The certificate of --time-ca (PAY_TIME_CA) ${words[1]} ${what}`), message);
  });
}

/** A conversion service over TLS that gives one rate. */
async function startConversion(t: ExecutionContext) {
  const files = await certificateFiles(t);
  const pair = { cert: await readFile(files.cert), key: await readFile(files.key) };
  const service = createServer(pair, ({ url = '' }, response) => {
    const [, , from, to, amount] = url.split('/');
    const converted = to === 'JPY' || to === 'EUR' ? String(Number(amount) * 2) : undefined;
    response.writeHead(converted ? 200 : 404, { 'content-type': 'application/json' });
    const text = to === 'EUR' ? `${converted}.00` : converted;
    response.end(JSON.stringify({ from, to, amount, rate: '2', converted: text, ratesAsOf: '2026-01-01' }));
  });
  service.listen(0, '127.0.0.1');
  await once(service, 'listening');
  t.teardown(() => {
    service.closeAllConnections();
    service.close();
  });
  return { url: `https://localhost:${(service.address() as AddressInfo).port}`, cert: files.cert };
}

test('a conversion service is believed by the certificate that the operator gave, and by no other', async (t) => {
  const { url, cert } = await startConversion(t);
  const { cert: another } = await certificateFiles(t);
  const askBy = async (...flags: string[]) => {
    const server = await startPayServer({ flags: ['--conversion-url', url, ...flags] });
    t.teardown(server.stop);
    return get(`${server.url}/conversion/GBP/EUR/10.00`);
  };
  const [known, wrong, unknown] = await Promise.all([
    askBy('--conversion-ca', cert),
    askBy('--conversion-ca', another),
    askBy(),
  ]);
  t.deepEqual([known.status, known.json.converted], [200, '20.00']);
  t.deepEqual([wrong.status, wrong.json.code], [503, 'CONVERSION_UNAVAILABLE']);
  t.deepEqual([unknown.status, unknown.json.code], [503, 'CONVERSION_UNAVAILABLE']);
});
