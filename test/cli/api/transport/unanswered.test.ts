import { once } from 'node:events';
import { createServer } from 'node:net';
import { NotTrusted } from '../../../../cli/api/trust/trust-rule.js';
import { until } from '../../../support/until.js';
import { bare, nothingSent, open, overBoth, textOf } from './support/both-transports.js';
import { answer, type Behaviour, startNastyServer } from './support/nasty-server.js';

const silent: Behaviour = () => undefined;

overBoth(
  'a connection that is closed instead of answering leaves it open what happened',
  (socket) => socket.destroy(),
  async (t, { server, post }) => {
    await open(t, post());
    t.regex(server.received(), /\{"to":"bob"\}$/);
  },
);

overBoth(
  'a head that breaks off leaves it open',
  (socket) => {
    socket.end('HTTP/1.1 201 Created\r\ncontent-le');
  },
  async (t, { post }) => open(t, post()),
);

overBoth(
  'what is no HTTP leaves it open',
  (socket) => socket.write('SSH-2.0-OpenSSH_9.6\r\n\r\n'),
  async (t, { post }) => open(t, post()),
);

overBoth(
  'a head beyond all measure leaves it open',
  (socket) => socket.write(`HTTP/1.1 200 OK\r\nx-huge: ${'x'.repeat(300_000)}\r\n\r\n`),
  async (t, { post }) => open(t, post()),
);

overBoth(
  'an answer that changes the protocol leaves it open',
  (socket) => socket.write('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n'),
  async (t, { post }) => open(t, post()),
);

overBoth('no answer in time leaves it open', silent, async (t, { post }) => {
  const startedMs = Date.now();
  await open(t, post({ timeoutMs: 200 }));
  t.true(Date.now() - startedMs < 4_000);
});

overBoth(
  'a head that trickles in does not hold a command for longer than one that does not come',
  (socket) => {
    socket.write('HTTP/1.1 200 OK\r\n');
    const timer = setInterval(() => socket.write('x'), 50);
    socket.on('close', () => clearInterval(timer));
  },
  async (t, { post }) => {
    const startedMs = Date.now();
    await open(t, post({ timeoutMs: 1_000 }));
    t.true(Date.now() - startedMs < 4_500);
  },
);

overBoth('where nobody listens nothing was sent', silent, async (t, { server, post }) => {
  await server.stop();
  await nothingSent(t, post());
});

overBoth('a handshake that is cut sends nothing', silent, async (t, { reach, server, controller }) => {
  const plain = createServer((socket) => socket.on('error', () => undefined).destroy());
  plain.listen(0, '127.0.0.1');
  await once(plain, 'listening');
  t.teardown(() => plain.close());
  const { port } = plain.address() as { port: number };
  const transport = reach(`https://127.0.0.1:${port}`, { ...bare, pin: server.fingerprint });
  const { signal } = controller;
  await nothingSent(
    t,
    transport.send({ method: 'POST', path: '/', headers: {}, body: '{}', timeoutMs: 1_000, signal }),
  );
});

overBoth(
  'an unknown certificate is told of, and the server gets no byte',
  (socket) => socket.write(answer('')),
  async (t, { server, reach, controller }) => {
    const transport = reach(server.url, bare);
    const { signal } = controller;
    const headers = { authorization: 'Bearer secret' };
    const error = await nothingSent(
      t,
      transport.send({ method: 'GET', path: '/', headers, timeoutMs: 1_000, signal }),
    );
    t.true(error.cause instanceof NotTrusted);
    t.is((error.cause as NotTrusted).distrust.reason, 'unknown');
    t.is(server.received(), '');
  },
);

overBoth(
  'a server that comes back with another key gets no credential',
  (socket) => socket.end(answer('first')),
  async (t, { server, get, post }) => {
    t.is(await textOf(await get()), 'first');
    await server.stop();
    const impostor = await startNastyServer((socket) => socket.write(answer('stolen')), server.port);
    t.teardown(() => impostor.stop());
    const error = await nothingSent(t, post());
    const { cause } = error;
    t.true(cause instanceof NotTrusted && cause.distrust.reason === 'different');
    t.is(impostor.received(), '');
  },
);

overBoth(
  'what is broken off ends at once, also behind a request that has no answer yet',
  silent,
  async (t, { server, controller, get, post }) => {
    const first = get({ signal: AbortSignal.any([controller.signal]) });
    await until('the first request', () => server.received().includes('GET /v1/payments'));
    const own = new AbortController();
    const second = post({ path: '/v1/requests', signal: own.signal });
    own.abort();
    await nothingSent(t, second);
    controller.abort();
    await t.throwsAsync(first, { any: true });
    t.false(server.received().includes('/v1/requests'));
  },
);
