import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import test from 'ava';
import { makeApi } from '../../../cli/api/api.js';
import { fingerprintOf } from '../../../cli/api/trust/fingerprint.js';
import { makeUndiciTransport } from '../../../cli/api/undici-transport.js';
import { followEvents } from '../../../cli/news/follow-events.js';
import { makeCertificate } from '../../http/support/certificate.js';

test('a stream that falls silent is given up, and the next one goes on after what was seen', async (t) => {
  const { cert, key } = await makeCertificate();
  const begins: (string | undefined)[] = [];
  const listener = createServer({ cert, key }, (incoming, outgoing) => {
    begins.push(incoming.headers['last-event-id'] as string | undefined);
    const number = begins.length;
    outgoing.writeHead(200, { 'content-type': 'text/event-stream' });
    // And then nothing more, not even a heartbeat, though the connection stands.
    outgoing.write(`id: e${number}\ndata: {"id":"e${number}","type":"test","at":"","data":{}}\n\n`);
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const server = `https://127.0.0.1:${(listener.address() as AddressInfo).port}`;
  const { signal } = new AbortController();
  const fingerprint = fingerprintOf(new X509Certificate(cert).publicKey);
  const transport = makeUndiciTransport(
    server,
    async () => ({ authorities: [], environment: {}, fingerprint }),
    signal,
  );
  t.teardown(async () => {
    await transport.close();
    listener.close();
    listener.closeAllConnections();
  });
  const api = makeApi({
    server,
    transport,
    token: async () => 'token',
    accept: () => Promise.reject(new Error('not asked')),
    code: async () => undefined,
    progress: (work) => work(),
    changed: () => undefined,
    signal,
    userAgent: 'test',
  });
  const events: string[] = [];
  await followEvents({
    api,
    signal,
    since: undefined,
    silenceMs: 200,
    sleep: async () => {},
    random: () => 0,
    onEvent: async ({ id }) => void events.push(id),
    onConnected: async () => {},
    onLost: async () => {},
    onBack: async () => {},
    isOver: () => events.length === 3,
  });
  t.deepEqual(events, ['e1', 'e2', 'e3']);
  t.deepEqual(begins, [undefined, 'e1', 'e2']);
});
