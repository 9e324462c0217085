import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { type ConnectionOptions, connect, createServer, type TlsOptions } from 'node:tls';
import test, { type ExecutionContext } from 'ava';
import { connectTrusted } from '../../cli/api/trust/connect.js';
import { safeTls as commandLines } from '../../cli/api/trust/safe-tls.js';
import { NotTrusted } from '../../cli/api/trust/trust-rule.js';
import { safeTls as servers } from '../../server/safe-tls.js';
import { connectTime } from '../../thrift/client.js';
import { safeTls as timeServices } from '../../thrift/safe-tls.js';
import { startTimeService } from '../../thrift/service.js';
import { startServer } from '../http/support/server.js';
import { makePair } from './support/certificates.js';

type Offer = Pick<ConnectionOptions, 'minVersion' | 'maxVersion' | 'ciphers'>;

const only = (version: 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3', ciphers: string): Offer => ({
  minVersion: version,
  maxVersion: version,
  ciphers: version === 'TLSv1.3' ? ciphers : `${ciphers}:@SECLEVEL=0`,
});

const taken: Record<string, Offer> = {
  'TLS 1.3': only('TLSv1.3', 'TLS_AES_128_GCM_SHA256'),
  'TLS 1.2 with ECDHE and GCM': only('TLSv1.2', 'ECDHE-ECDSA-AES128-GCM-SHA256'),
  'TLS 1.2 with ECDHE and ChaCha20': only('TLSv1.2', 'ECDHE-ECDSA-CHACHA20-POLY1305'),
};

const refused: Record<string, Offer> = {
  'TLS 1.0': only('TLSv1', 'ALL'),
  'TLS 1.1': only('TLSv1.1', 'ALL'),
  'TLS 1.2 with CBC': only(
    'TLSv1.2',
    'ECDHE-ECDSA-AES256-SHA384:ECDHE-ECDSA-AES128-SHA:ECDHE-ECDSA-AES128-SHA256',
  ),
  'TLS 1.2 with CCM': only('TLSv1.2', 'ECDHE-ECDSA-AES128-CCM:ECDHE-ECDSA-AES128-CCM8'),
  'TLS 1.2 without names of the other side': only('TLSv1.2', 'aNULL'),
};

/** Whether a handshake with these is done; an error that the offer cannot even be made would be no answer. */
async function isTaken(port: number, offer: Offer): Promise<boolean> {
  const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false, ...offer });
  try {
    await once(socket, 'secureConnect');
    return true;
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (!/^(?:ERR_SSL_.*(?:ALERT|UNSUPPORTED|WRONG_VERSION)|ECONNRESET)/.test(code)) {
      throw error;
    }
    return false;
  } finally {
    socket.destroy();
  }
}

const services: Record<string, (t: ExecutionContext) => Promise<number>> = {
  'the API': async (t) => (await startServer(t)).port,
  async 'the timestamp service'(t) {
    const service = await startTimeService({ host: '127.0.0.1', port: 0, tls: await makePair() });
    t.teardown(() => service.close());
    return service.port;
  },
};

for (const [name, start] of Object.entries(services)) {
  test(`${name} takes TLS 1.3, and 1.2 with ECDHE and AEAD, and nothing else`, async (t) => {
    const port = await start(t);
    for (const [what, offer] of Object.entries(taken)) {
      t.true(await isTaken(port, offer), what);
    }
    for (const [what, offer] of Object.entries(refused)) {
      t.false(await isTaken(port, offer), what);
    }
  });
}

/** A TLS server that offers this and nothing else, and says nothing. */
async function startOffering(
  t: ExecutionContext,
  offer: TlsOptions,
): Promise<{ port: number; cert: string }> {
  const pair = await makePair();
  const server = createServer({ ...pair, ...offer }, (socket) => socket.on('error', () => {}));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => server.close());
  return { port: (server.address() as AddressInfo).port, cert: pair.cert };
}

const clients: Record<string, (port: number, ca: string) => Promise<unknown>> = {
  'the command line': (port, ca) =>
    connectTrusted(
      { hostname: 'localhost', port },
      { authorities: [ca], environment: {} },
      AbortSignal.timeout(10_000),
    ).then((socket) => socket.destroy()),
  'the client of the timestamp service': (port, ca) => {
    const client = connectTime({ host: 'localhost', port, ca, deadlineMs: 10_000 });
    return client.currentTimeMicros().finally(() => client.close());
  },
};

for (const [name, ask] of Object.entries(clients)) {
  test(`${name} speaks to no server that offers less`, async (t) => {
    for (const [what, offer] of Object.entries(refused)) {
      const { port, cert } = await startOffering(t, offer as TlsOptions);
      const error = await t.throwsAsync(ask(port, cert), undefined, what);
      t.false(error instanceof NotTrusted, what);
      t.regex(String(error), /alert|version|handshake|protocol|ciphers?/i, what);
    }
  });
}

test('all programs say the same of TLS', (t) => {
  t.deepEqual(timeServices, servers);
  t.deepEqual(commandLines, servers);
});
