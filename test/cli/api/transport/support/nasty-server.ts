import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer, type TLSSocket } from 'node:tls';
import { fingerprintOf } from '../../../../../cli/api/trust/fingerprint.js';
import { makeCertificate } from '../../../../http/support/certificate.js';

/** The behaviour of the server towards a request, given the connection and how many requests have come on it, this one included. */
export type Behaviour = (socket: TLSSocket, number: number) => void;

/** A TLS server that answers byte by byte as a test says. */
export interface NastyServer {
  readonly url: string;
  readonly port: number;
  readonly fingerprint: string;
  behave(behaviour: Behaviour): void;
  /** Everything that clients have sent after their handshakes. */
  received(): string;
  /** How many handshakes were completed. */
  connections(): number;
  /** Resolves when every connection has ended. */
  left(): Promise<void>;
  /** Ends every connection and stops listening. */
  stop(): Promise<void>;
}

/** The end of the first request of the text, its body included; undefined while it is not whole. */
function endOfRequest(text: string): number | undefined {
  const head = text.indexOf('\r\n\r\n');
  if (head < 0) {
    return undefined;
  }
  const length = Number(/\r\ncontent-length: *(\d+)/i.exec(text.slice(0, head))?.[1] ?? 0);
  const end = head + 4 + length;
  return text.length >= end ? end : undefined;
}

/** A whole answer as it goes over the wire. */
export function answer(body: string, headers: readonly string[] = []): string {
  const length = `content-length: ${Buffer.byteLength(body)}`;
  return ['HTTP/1.1 200 OK', ...headers, length, '', body].join('\r\n');
}

export async function startNastyServer(behaviour: Behaviour, port = 0): Promise<NastyServer> {
  const { cert, key } = await makeCertificate();
  let behave = behaviour;
  let received = '';
  let connections = 0;
  const sockets = new Set<TLSSocket>();

  const server = createServer({ cert, key }, (socket) => {
    connections += 1;
    let pending = '';
    let requests = 0;
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    socket.on('data', (chunk: Buffer) => {
      received += chunk.toString('latin1');
      pending += chunk.toString('latin1');
      const end = endOfRequest(pending);
      if (end !== undefined) {
        pending = pending.slice(end);
        requests += 1;
        behave(socket, requests);
      }
    });
  });
  server.on('tlsClientError', () => undefined);
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const { port: taken } = server.address() as AddressInfo;
  return {
    url: `https://127.0.0.1:${taken}`,
    port: taken,
    fingerprint: fingerprintOf(new X509Certificate(cert).publicKey),
    behave(next) {
      behave = next;
    },
    received: () => received,
    connections: () => connections,
    async left() {
      await Promise.all(
        [...sockets].map((socket) => new Promise((resolve) => socket.once('close', resolve))),
      );
    },
    async stop() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) {
        socket.destroy();
      }
      await closed;
    },
  };
}
