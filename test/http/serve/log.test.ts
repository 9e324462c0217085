import test from 'ava';
import { publicId } from '../../../server/ids.js';
import { startServer, type TestServer } from '../support/server.js';

/** The line about a request is written when its connection is done with it, which may be after the client read the answer. */
async function lineOf({ log }: TestServer, requestId: string): Promise<Record<string, unknown>> {
  for (let turn = 0; turn < 10_000; turn += 1) {
    const line = log().find((entry) => entry.msg === 'request' && entry.requestId === requestId);
    if (line) {
      return line;
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
  throw new Error(`no line about ${requestId}`);
}

test('each request makes one line that says who, what and how it went', async (t) => {
  const server = await startServer(t);
  await server.ask('/things?q=secret-query', { token: 'alice-reader', headers: { 'x-request-id': 'r1' } });
  const { time, durationMs, ...line } = await lineOf(server, 'r1');
  t.regex(String(time), /^\d{4}-\d\d-\d\dT/);
  t.true(Number(durationMs) > 0);
  t.deepEqual(line, {
    level: 30,
    method: 'GET',
    route: '/things',
    status: 200,
    userId: publicId('usr', 1),
    requestId: 'r1',
    address: '127.0.0.1',
    msg: 'request',
  });
});

test('the line about a refusal has its code', async (t) => {
  const server = await startServer(t);
  await server.ask('/nowhere-secret', { headers: { 'x-request-id': 'r2' } });
  const line = await lineOf(server, 'r2');
  t.is(line.status, 404);
  t.is(line.code, 'NOT_FOUND');
  t.is(line.route, undefined);
});

test('nothing that was sent is in the log but the method and the request id', async (t) => {
  const server = await startServer(t);
  const { ask, rawLog } = server;
  await ask('/things?q=secret-query', { token: 'alice-reader' });
  await ask('/things?q=secret-query', { token: 'secret-token' });
  await ask('/login', { send: { username: 'secret-name', password: 'secret-password' } });
  await ask('/login', { send: { username: 'secret-name', password: 'right' } });
  await ask('/secret-path/secret-token');
  await ask('/things/1', { headers: { 'x-request-id': 'last', 'x-other': 'secret-header' } });
  await lineOf(server, 'last');
  t.notRegex(rawLog(), /secret|alice-reader|hunter/);
});

test('the line about a request whose client left says so', async (t) => {
  const server = await startServer(t);
  const socket = await server.dial();
  socket.write('POST /slow HTTP/1.1\r\nHost: x\r\nX-Request-Id: r3\r\nContent-Length: 0\r\n\r\n');
  await server.gate.arrival();
  socket.destroy();
  const line = await lineOf(server, 'r3');
  t.true(line.aborted);
  t.is(line.status, undefined);
});
