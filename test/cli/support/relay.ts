import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { fingerprintOf } from '../../../cli/api/trust/fingerprint.js';
import { makeCertificate } from '../../http/support/certificate.js';
import type { PayServer } from './pay-server.js';

/** A fault on the way of a POST that has a key. */
export type Fault = 'lose-request' | 'lose-answer' | 'hold-answer' | 'none';

/** A stretch of network in front of the real server, with a key of its own, that breaks as a test says. */
export interface Relay extends PayServer {
  /** What happens to the next POSTs with a key, one each; after these, what `always` says, or nothing. */
  break(faults: readonly Fault[], always?: Fault): void;
  /** Resolves when something has reached the server whose answer is held. */
  readonly held: Promise<void>;
  /** How many requests have come. */
  requests(): number;
}

interface Upstream {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

async function forward(server: PayServer, incoming: IncomingMessage, body: Buffer): Promise<Upstream> {
  const outgoing = request(new URL(incoming.url ?? '/', server.url), {
    method: incoming.method ?? 'GET',
    headers: { ...incoming.headers, host: new URL(server.url).host },
    // The relay is the test's own; whom it leads to is not what is tested.
    rejectUnauthorized: false,
    agent: false,
  });
  outgoing.end(body);
  const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
  return { status: answer.statusCode ?? 0, headers: answer.headers, body: await buffer(answer) };
}

function hasKey({ method, headers }: IncomingMessage): boolean {
  return method === 'POST' && headers['idempotency-key'] !== undefined;
}

export async function startRelay(server: PayServer, port = 0): Promise<Relay> {
  const { cert, key } = await makeCertificate();
  let faults: readonly Fault[] = [];
  let afterwards: Fault | undefined;
  let requests = 0;
  let tellHeld = () => {};
  const held = new Promise<void>((resolve) => {
    tellHeld = resolve;
  });

  function nextFault(): Fault | undefined {
    const [fault = afterwards, ...rest] = faults;
    faults = rest;
    return fault;
  }

  async function carry(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    requests += 1;
    const body = await buffer(incoming);
    const fault = hasKey(incoming) ? nextFault() : undefined;
    if (fault === 'lose-request') {
      outgoing.destroy();
      return;
    }
    const answer = await forward(server, incoming, body);
    if (fault === 'lose-answer') {
      outgoing.destroy();
    } else if (fault === 'hold-answer') {
      tellHeld();
    } else {
      outgoing.writeHead(answer.status, answer.headers).end(answer.body);
    }
  }

  const listener = createServer({ cert, key }, (incoming, outgoing) => {
    carry(incoming, outgoing).catch(() => outgoing.destroy());
  });
  listener.listen(port, '127.0.0.1');
  await once(listener, 'listening');
  const address = listener.address() as AddressInfo;
  return {
    url: `https://127.0.0.1:${address.port}`,
    fingerprint: fingerprintOf(new X509Certificate(cert).publicKey),
    held,
    requests: () => requests,
    break(next, always) {
      faults = next;
      afterwards = always;
    },
    async stop() {
      if (!listener.listening) {
        return;
      }
      const closed = once(listener, 'close');
      listener.close();
      listener.closeAllConnections();
      await closed;
    },
  };
}
