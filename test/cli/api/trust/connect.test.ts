import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { join } from 'node:path';
import { createServer } from 'node:tls';
import test, { type ExecutionContext } from 'ava';
import { generate } from 'selfsigned';
import {
  connectTrusted as connectUntilAborted,
  type HostAndPort,
} from '../../../../cli/api/trust/connect.js';
import { fingerprintOf, readFingerprint } from '../../../../cli/api/trust/fingerprint.js';
import { NotTrusted, type TrustRule } from '../../../../cli/api/trust/trust-rule.js';
import { makeCertificate } from '../../../http/support/certificate.js';
import { makeFolder } from '../../support/run-pay.js';

const connectTrusted = (place: HostAndPort, rule: TrustRule) =>
  connectUntilAborted(place, rule, new AbortController().signal);

interface Listener {
  readonly place: { readonly hostname: string; readonly port: number };
  readonly cert: string;
  readonly fingerprint: string;
  /** How many bytes clients have sent after their handshake. */
  received(): number;
}

async function certificateFor(name: string): Promise<{ cert: string; key: string }> {
  const made = await generate([{ name: 'commonName', value: name }], {
    keyType: 'ec',
    curve: 'P-256',
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: name }] }],
  });
  return { cert: made.cert, key: made.private };
}

async function listen(t: ExecutionContext, certificate?: { cert: string; key: string }): Promise<Listener> {
  const { cert, key } = certificate ?? (await makeCertificate());
  let bytes = 0;
  const server = createServer({ cert, key }, (socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      bytes += chunk.length;
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => server.close());
  const { port } = server.address() as AddressInfo;
  return {
    place: { hostname: '127.0.0.1', port },
    cert,
    fingerprint: fingerprintOf(new X509Certificate(cert).publicKey),
    received: () => bytes,
  };
}

// No system store, so that what is tested does not depend on this machine's.
const bare = { environment: { SSL_CERT_FILE: '/nonexistent' }, authorities: [] };

async function distrustOf(t: ExecutionContext, listener: Listener, rule: TrustRule) {
  const error = await t.throwsAsync(connectTrusted(listener.place, rule), { instanceOf: NotTrusted });
  t.is(listener.received(), 0);
  return error?.distrust;
}

test('a certificate from no known authority is not trusted, and its fingerprint is told', async (t) => {
  const listener = await listen(t);
  const distrust = await distrustOf(t, listener, bare);
  t.is(distrust?.reason, 'unknown');
  t.is(distrust?.fingerprint, listener.fingerprint);
});

test('a pinned or given fingerprint is enough, whatever the name in the certificate', async (t) => {
  const { place, fingerprint } = await listen(t);
  for (const rule of [
    { ...bare, pin: fingerprint },
    { ...bare, fingerprint },
  ]) {
    const socket = await connectTrusted(place, rule);
    t.false(socket.destroyed);
    socket.destroy();
  }
});

test('another key than the pinned one is refused before a byte is sent', async (t) => {
  const [listener, other] = [await listen(t), await listen(t)];
  const distrust = await distrustOf(t, listener, { ...bare, pin: other.fingerprint });
  t.deepEqual(distrust, {
    reason: 'different',
    fingerprint: listener.fingerprint,
    expected: other.fingerprint,
  });
});

test('a given fingerprint says more than the pin', async (t) => {
  const [listener, other] = [await listen(t), await listen(t)];
  const socket = await connectTrusted(listener.place, {
    ...bare,
    pin: other.fingerprint,
    fingerprint: listener.fingerprint,
  });
  t.false(socket.destroyed);
  socket.destroy();
  const distrust = await distrustOf(t, listener, {
    ...bare,
    pin: listener.fingerprint,
    fingerprint: other.fingerprint,
  });
  t.is(distrust?.reason, 'different');
});

test('an authority of PAY_CA is enough where the name fits, and not where it does not', async (t) => {
  const listener = await listen(t);
  const socket = await connectTrusted(listener.place, { ...bare, authorities: [listener.cert] });
  t.true(socket.authorized);
  socket.destroy();
  const named = await listen(t, await certificateFor('pay.example'));
  t.is((await distrustOf(t, named, { ...bare, authorities: [named.cert] }))?.reason, 'unknown');
});

test('an authority of the system store is enough', async (t) => {
  const listener = await listen(t);
  const folder = await makeFolder();
  await writeFile(join(folder, 'ca.pem'), listener.cert);
  const socket = await connectTrusted(listener.place, {
    ...bare,
    environment: { SSL_CERT_FILE: join(folder, 'ca.pem') },
  });
  t.true(socket.authorized);
  socket.destroy();
});

test('an attempt to connect ends when the signal says so', async (t) => {
  const silent = createTcpServer((socket) => socket.on('error', () => undefined));
  silent.listen(0, '127.0.0.1');
  await once(silent, 'listening');
  t.teardown(() => silent.close());
  const { port } = silent.address() as AddressInfo;
  const controller = new AbortController();
  silent.once('connection', () => controller.abort());
  const attempt = connectUntilAborted({ hostname: '127.0.0.1', port }, bare, controller.signal);
  await t.throwsAsync(attempt, { message: 'interrupted' });
});

test('fingerprints are read with or without padding, and nothing else is one', (t) => {
  const fingerprint = `SHA256:${'a'.repeat(43)}`;
  t.is(readFingerprint(` ${fingerprint}= `), fingerprint);
  for (const text of [
    '',
    'SHA256:',
    `sha256:${'a'.repeat(43)}`,
    `SHA256:${'a'.repeat(42)}`,
    'a'.repeat(64),
  ]) {
    t.is(readFingerprint(text), undefined);
  }
});
