import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { connect as connectPlain } from 'node:net';
import test from 'ava';
import { drain } from '../../../server/http/serve/drain.js';
import { readToEnd, readUntil, startServer, whenClosed } from '../support/server.js';

const longMs = 60_000;

test('draining gives requests in flight their answers and closes their connections', async (t) => {
  const { dial, gate, server } = await startServer(t);
  const socket = await dial();
  socket.write('POST /slow HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n');
  await gate.arrival();
  const drained = drain(server, longMs);
  gate.open();
  const answer = await readToEnd(socket);
  t.regex(answer, /^HTTP\/1\.1 200 /);
  t.regex(answer, /\r\nConnection: close\r\n/i);
  await drained;
  t.false(server.listening);
});

test('draining takes no new connections', async (t) => {
  const { dial, gate, server, port } = await startServer(t);
  const socket = await dial();
  socket.write('POST /slow HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n');
  await gate.arrival();
  const drained = drain(server, longMs);
  const late = connectPlain(port, '127.0.0.1');
  const [error] = await once(late, 'error');
  t.is(error.code, 'ECONNREFUSED');
  gate.open();
  await readToEnd(socket);
  await drained;
});

test('draining ends idle connections at once, whether they were used or never said a word', async (t) => {
  const { dial, server, port } = await startServer(t);
  const used = await dial();
  used.write('GET /things/special HTTP/1.1\r\nHost: x\r\n\r\n');
  await readUntil(used, '"special"');
  const silent = await dial();
  const unsecured = connectPlain(port, '127.0.0.1');
  await once(server, 'connection');
  const closed = Promise.all([used, silent, unsecured].map(whenClosed));
  await drain(server, longMs);
  await closed;
  t.is(server.traffic.connections.size, 0);
});

test('a request that meets the end of its connection is not begun, since it could not be answered', async (t) => {
  const { dial, gate, server } = await startServer(t);
  const [first, late] = [await dial(), await dial()];
  for (const socket of [first, late]) {
    socket.write('GET /things/special HTTP/1.1\r\nHost: x\r\n\r\n');
    await readUntil(socket, '"special"');
  }
  const begun: ServerResponse[] = [];
  const drained = new Promise<void>((resolve) => {
    server.on('request', () => {
      begun.push(...server.traffic.inFlight.values());
      if (server.listening) {
        resolve(drain(server, longMs));
      }
    });
  });
  const closed = whenClosed(late);
  // Both have arrived when the server turns to the first one, which starts the end of the connection of the other.
  for (const socket of [first, late]) {
    socket.write('POST /slow HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n');
  }
  await closed;
  gate.open();
  t.regex(await readToEnd(first), /^HTTP\/1\.1 200 /);
  await drained;
  t.is(new Set(begun).size, 1);
});

test('draining lets a stream that has begun come to its end', async (t) => {
  const { dial, gate, server } = await startServer(t);
  const socket = await dial();
  socket.write('GET /drip HTTP/1.1\r\nHost: x\r\n\r\n');
  await readUntil(socket, 'first');
  await gate.arrival();
  const drained = drain(server, longMs);
  gate.open();
  t.regex(await readToEnd(socket), /last\n\r\n0\r\n\r\n$/);
  await drained;
});

test('what is not done by the deadline is cut off', async (t) => {
  const { dial, gate, server } = await startServer(t);
  const socket = await dial();
  socket.write('POST /slow HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n');
  const signal = await gate.arrival();
  const aborted = once(signal, 'abort');
  const closed = whenClosed(socket);
  await drain(server, 100);
  await Promise.all([closed, aborted]);
  t.is(server.traffic.connections.size, 0);
});

test('draining answers every request of a pipeline before it ends the connection', async (t) => {
  const { dial, gate, server } = await startServer(t);
  const socket = await dial();
  const request = 'POST /slow HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n';
  socket.write(`${request}${request}`);
  await gate.arrival();
  await gate.arrival();
  const drained = drain(server, longMs);
  gate.open();
  const text = await readToEnd(socket);
  t.is(text.split('{"slow":true}').length, 3);
  t.is(text.split(/\r\nConnection: close\r\n/i).length, 2);
  await drained;
});

test('draining a server that does not listen is no work', async (t) => {
  const { server } = await startServer(t);
  await drain(server, longMs);
  await drain(server, longMs);
  t.false(server.listening);
});
