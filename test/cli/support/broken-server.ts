import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { fingerprintOf } from '../../../cli/api/trust/fingerprint.js';
import { makeCertificate } from '../../http/support/certificate.js';
import type { PayServer } from './pay-server.js';

export interface BrokenServer extends PayServer {
  /** Closes every connection in the middle of its answer. */
  cut(): void;
}

/** A server that begins every answer with this and does not go on. */
export async function startBrokenServer(mediaType: string, beginning: string): Promise<BrokenServer> {
  const { cert, key } = await makeCertificate();
  const listener = createServer({ cert, key }, (_request, response) => {
    response.writeHead(200, { 'content-type': mediaType });
    response.write(beginning);
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  return {
    url: `https://127.0.0.1:${(listener.address() as AddressInfo).port}`,
    fingerprint: fingerprintOf(new X509Certificate(cert).publicKey),
    cut: () => listener.closeAllConnections(),
    async stop() {
      const closed = once(listener, 'close');
      listener.close();
      listener.closeAllConnections();
      await closed;
    },
  };
}
