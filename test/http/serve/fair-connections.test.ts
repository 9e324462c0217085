import { once } from 'node:events';
import { connect as connectPlain } from 'node:net';
import test from 'ava';
import { makeProxyList } from '../../../server/network.js';
import { inTime, until } from '../../support/until.js';
import { readToEnd, startServer, whenClosed } from '../support/server.js';

for (const [title, bytes] of [
  ['two Host headers', 'GET /things/1 HTTP/1.1\r\nHost: x\r\nHost: y\r\nConnection: close\r\n\r\n'],
  ['the same Host twice', 'GET /things/1 HTTP/1.1\r\nHost: x\r\nHost: x\r\nConnection: close\r\n\r\n'],
  ['HTTP/2.0 in the words of HTTP/1', 'GET /things/1 HTTP/2.0\r\nHost: x\r\nConnection: close\r\n\r\n'],
  ['HTTP/0.9', 'GET /things/1 HTTP/0.9\r\nHost: x\r\nConnection: close\r\n\r\n'],
] as const) {
  test(`refused as malformed, with a problem: ${title}`, async (t) => {
    const { dial } = await startServer(t);
    const socket = await dial();
    socket.write(bytes);
    const text = await readToEnd(socket);
    t.regex(text, /^HTTP\/1\.1 400 [\s\S]*"code":"MALFORMED_REQUEST"/);
  });
}

test('who does not read what is sent is cut; who has read it stays', async (t) => {
  const { dial, server } = await startServer(t, { limits: { idleWriteMs: 1_000 } });
  const reader = await dial();
  reader.write('GET /things/1 HTTP/1.1\r\nHost: x\r\n\r\n');
  await once(reader, 'data');
  const deaf = await dial();
  deaf.on('error', () => {});
  deaf.pause();
  // Far more than the system keeps of what nobody reads; the server stops taking requests long before their end.
  deaf.write('GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(4_000));
  await until('both connections', () => server.traffic.connections.size === 2);
  await until('the cut', () => server.traffic.connections.size === 1);
  reader.write('GET /things/1 HTTP/1.1\r\nHost: x\r\n\r\n');
  const [answer] = await once(reader, 'data');
  t.regex(String(answer), /^HTTP\/1\.1 200 /);
});

/** A time that nobody waits for: what is closed was closed for another reason. */
const noHandshakeEnds = { tlsHandshakeMs: 600_000 };

test('one network has so many connections, and a place that was left can be taken', async (t) => {
  const { dial, port, ask } = await startServer(t, {
    connections: { ofOne: 2, inAll: 9 },
    limits: noHandshakeEnds,
  });
  const [first] = [await dial(), await dial()];
  const third = connectPlain(port, '127.0.0.1');
  t.teardown(() => third.destroy());
  await inTime('the end of the third', whenClosed(third));
  t.is(third.bytesRead, 0);
  first?.end();
  await until('an answer in the place of the first', () => ask('/things/1').catch(() => undefined));
  t.pass();
});

test('a trusted proxy has as many connections as there may be in all', async (t) => {
  const { dial, port } = await startServer(t, {
    connections: { ofOne: 1, inAll: 3 },
    limits: noHandshakeEnds,
    proxies: makeProxyList(['127.0.0.1']),
  });
  await Promise.all([dial(), dial(), dial()]);
  const fourth = connectPlain(port, '127.0.0.1');
  t.teardown(() => fourth.destroy());
  await inTime('the end of the fourth', whenClosed(fourth));
  t.is(fourth.bytesRead, 0);
});
