import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { fingerprintOf } from '../../../cli/trust/fingerprint.js';
import { makeCertificate } from '../../http/support/certificate.js';
import type { PayServer } from './pay-server.js';

/** A server that begins every answer with this and then closes the connection. */
export async function startBrokenServer(mediaType: string, beginning: string): Promise<PayServer> {
  const { cert, key } = await makeCertificate();
  const listener = createServer({ cert, key }, (_request, response) => {
    response.writeHead(200, { 'content-type': mediaType });
    response.write(beginning, () => response.socket?.end());
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  return {
    url: `https://127.0.0.1:${(listener.address() as AddressInfo).port}`,
    fingerprint: fingerprintOf(new X509Certificate(cert).publicKey),
    async stop() {
      const closed = once(listener, 'close');
      listener.close();
      listener.closeAllConnections();
      await closed;
    },
  };
}
