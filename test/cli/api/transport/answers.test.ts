import type { Writable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { open, overBoth, textOf } from './support/both-transports.js';
import { answer, startNastyServer } from './support/nasty-server.js';

async function sendByteByByte(socket: Writable, bytes: Buffer): Promise<void> {
  for (const byte of bytes) {
    socket.write(Buffer.of(byte));
    await pause(2);
  }
}

overBoth(
  'an answer arrives with its status, its headers in lower case and its body',
  (socket) => socket.write(answer('{"id":"pay_1"}', ['Idempotency-Replayed: true', 'X-One: a', 'X-One: b'])),
  async (t, { server, post }) => {
    const given = await post({ headers: { 'idempotency-key': 'k1' } });
    t.is(given.status, 200);
    t.is(given.headers['idempotency-replayed'], 'true');
    t.is(given.headers['x-one'], 'a, b');
    t.is(await textOf(given), '{"id":"pay_1"}');
    const [head = '', body] = server.received().split('\r\n\r\n');
    t.regex(head, /^POST \/v1\/payments HTTP\/1\.1\r\n/);
    t.regex(head, /idempotency-key: k1/);
    t.regex(head, new RegExp(`host: 127\\.0\\.0\\.1:${server.port}`, 'i'));
    t.is(body, '{"to":"bob"}');
  },
);

overBoth(
  'no character is cut in two, however the body arrives',
  (socket) => {
    const bytes = Buffer.from('naïve 🎉 ёж', 'utf8');
    socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${bytes.length}\r\n\r\n`);
    void sendByteByByte(socket, bytes);
  },
  async (t, { get }) => {
    t.is(await textOf(await get()), 'naïve 🎉 ёж');
  },
);

overBoth(
  'answers that say that another one follows are passed over',
  (socket) => socket.write(`HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n${answer('later')}`),
  async (t, { get }) => {
    t.is(await textOf(await get()), 'later');
  },
);

overBoth(
  'a redirection is an answer and is not followed',
  (socket) => socket.destroy(),
  async (t, { server, post }) => {
    const elsewhere = await startNastyServer((socket) => socket.write(answer('stolen')));
    t.teardown(() => elsewhere.stop());
    server.behave((socket) =>
      socket.write(`HTTP/1.1 307 Elsewhere\r\nlocation: ${elsewhere.url}/\r\ncontent-length: 0\r\n\r\n`),
    );
    const given = await post();
    t.is(given.status, 307);
    t.is(await textOf(given), '');
    t.is(elsewhere.connections(), 0);
  },
);

overBoth(
  'an answer that breaks off in its body is an error while it is read',
  (socket) => {
    socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"id":"pay');
  },
  async (t, { post }) => {
    const given = await post();
    await open(t, textOf(given));
  },
);

overBoth(
  'a chunked answer without its last chunk is an error while it is read',
  (socket) => {
    socket.end('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n');
  },
  async (t, { get }) => {
    await open(t, get().then(textOf));
  },
);

overBoth(
  'a body that falls silent is an error',
  (socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhello'),
  async (t, { get }) => {
    const startedMs = Date.now();
    await open(t, get({ timeoutMs: 200 }).then(textOf));
    t.true(Date.now() - startedMs < 4_000);
  },
);

overBoth(
  'the time that a slow reader takes is not the silence of the server',
  (socket) => socket.write(answer('x'.repeat(2_000_000))),
  async (t, { get }) => {
    const { pieces } = await get({ timeoutMs: 1_100 });
    let length = 0;
    for await (const piece of pieces) {
      if (length === 0) {
        await pause(2_500);
      }
      length += piece.length;
    }
    t.is(length, 2_000_000);
  },
);

overBoth(
  'whoever stops reading in the middle can close and be done',
  (socket) => socket.write(`HTTP/1.1 200 OK\r\ncontent-length: 9000000\r\n\r\n${'x'.repeat(500_000)}`),
  async (t, { server, transport, get }) => {
    const { pieces } = await get();
    for await (const piece of pieces) {
      t.true(piece.length > 0);
      break;
    }
    await transport.close();
    await server.left();
    t.pass();
  },
);
