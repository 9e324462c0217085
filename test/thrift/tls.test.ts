import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import { connect } from 'node:tls';
import test, { type ExecutionContext } from 'ava';
import { execa } from 'execa';
import { connectTime, type TimeServiceAddress, TimeUnavailable } from '../../thrift/client.js';
import { startTimeService } from '../../thrift/service.js';
import { until } from '../support/until.js';
import { makePair } from '../tls/support/certificates.js';
import { call } from './binary-messages.js';
import { rawConnection } from './raw-connection.js';

const pair = await makePair();
const service = await startTimeService({ host: '127.0.0.1', port: 0, tls: pair, nowMicros: () => 1_234_567 });
test.after.always(() => service.close());

function clientOf(t: ExecutionContext, address: Partial<TimeServiceAddress>) {
  const client = connectTime({ host: 'localhost', port: service.port, deadlineMs: 10_000, ...address });
  t.teardown(() => client.close());
  return client;
}

test('a client that knows the certificate is answered, call after call', async (t) => {
  for (const host of ['localhost', '127.0.0.1']) {
    const client = clientOf(t, { host, ca: pair.cert });
    const answers = await Promise.all(Array.from({ length: 100 }, () => client.currentTimeMicros()));
    t.deepEqual([...new Set(answers)], [1_234_567]);
    t.is(await client.currentTimestamp(), '1970-01-01 00:00:01');
  }
});

test('a service with another certificate is not believed', async (t) => {
  const client = clientOf(t, { ca: (await makePair()).cert });
  const error = await t.throwsAsync(client.currentTimeMicros(), { instanceOf: TimeUnavailable });
  t.regex(error?.message ?? '', /gives no time: .*self-signed|certificate/);
});

test('a certificate for another name is not believed', async (t) => {
  // An address of this machine that the certificate does not name.
  const client = clientOf(t, { host: '127.0.0.2', ca: pair.cert });
  await t.throwsAsync(client.currentTimeMicros(), { instanceOf: TimeUnavailable, message: /127\.0\.0\.2/ });
});

test('no side takes the other without TLS', async (t) => {
  const plain = await startTimeService({ host: '127.0.0.1', port: 0 });
  t.teardown(() => plain.close());
  await t.throwsAsync(clientOf(t, {}).currentTimeMicros(), { instanceOf: TimeUnavailable });
  await t.throwsAsync(clientOf(t, { port: plain.port, ca: pair.cert }).currentTimeMicros(), {
    instanceOf: TimeUnavailable,
  });
});

test('bytes that are no TLS, and handshakes that end half-way, harm nobody but their sender', async (t) => {
  const silent = await Promise.all(Array.from({ length: 50 }, () => rawConnection(service.port)));
  const broken = await rawConnection(service.port);
  broken.send(call('getCurrentTimeMicros'));
  t.true((await broken.cut) < 10_000);
  t.is(await clientOf(t, { ca: pair.cert }).currentTimeMicros(), 1_234_567);
  for (const { socket } of silent) {
    socket.destroy();
  }
});

test('a crowd that shakes no hands makes room for who does', async (t) => {
  const crowd = await Promise.all(Array.from({ length: 256 }, () => rawConnection(service.port)));
  t.is(await clientOf(t, { ca: pair.cert }).currentTimeMicros(), 1_234_567);
  await until('one of them to be gone', () => crowd.some(({ socket }) => socket.destroyed));
  for (const { socket } of crowd) {
    socket.destroy();
  }
});

test('half a message within TLS is waited for some seconds and no longer', async (t) => {
  const socket = connect({ port: service.port, host: '127.0.0.1', rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  const sinceMs = performance.now();
  socket.on('error', () => {});
  socket.write(call('getCurrentTimeMicros').subarray(0, 10));
  socket.resume();
  await once(socket, 'close');
  const afterMs = performance.now() - sinceMs;
  t.true(afterMs > 3_000 && afterMs < 30_000, `cut after ${afterMs} ms`);
});

test('a client that ends its side after asking still gets its answer', async (t) => {
  const tcp = connectTcp({ port: service.port, host: '127.0.0.1', allowHalfOpen: true });
  const socket = connect({ socket: tcp, rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  socket.end(call('getCurrentTimeMicros', 9));
  const [chunk] = await once(socket, 'data');
  t.is((chunk as Buffer).readUInt8(0), 0x80);
  socket.destroy();
});

test('an idle client, with its connection open over TLS, does not keep its process alive', async (t) => {
  const program = `
    const { connectTime } = await import(${JSON.stringify(new URL('../../thrift/client.js', import.meta.url).href)});
    const client = connectTime({ host: 'localhost', port: ${service.port}, ca: process.env.CA, deadlineMs: 10_000 });
    console.log(await client.currentTimeMicros());`;
  const { stdout } = await execa(process.execPath, ['--input-type=module', '--eval', program], {
    env: { CA: pair.cert },
    timeout: 30_000,
  });
  t.is(stdout, '1234567');
});
