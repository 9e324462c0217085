import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { fingerprintOf } from '../../../cli/api/trust/fingerprint.js';
import { makeCertificate } from '../../http/support/certificate.js';
import type { PayServer } from './pay-server.js';

/** The canned answers: by method and path without the query, "GET /v1/me". */
export type Canned = Readonly<Record<string, unknown>>;

export interface CannedServer extends PayServer {
  /** What is answered from now on; the status of all of it where that is not 200. */
  answer(canned: Canned, status?: number): void;
}

function itemsOf(value: unknown): readonly unknown[] {
  const { data } = (value ?? {}) as { data?: unknown };
  return Array.isArray(data) ? data : [];
}

function csvOf(items: readonly unknown[]): string {
  const rows = items.map((item) => Object.values(item as object).map((cell) => JSON.stringify(cell ?? '')));
  const header = Object.keys((items[0] ?? {}) as object);
  return [header, ...rows.map((row) => row.map((cell) => `"${cell.replaceAll('"', '""')}"`))]
    .map((row) => `${row.join(',')}\r\n`)
    .join('');
}

/** The body of an answer in the form that was asked for. */
function bodyOf(value: unknown, accept: string): readonly [type: string, body: string] {
  if (accept === 'application/x-ndjson') {
    return [
      accept,
      itemsOf(value)
        .map((item) => `${JSON.stringify(item)}\n`)
        .join(''),
    ];
  }
  if (accept === 'text/csv') {
    return [accept, csvOf(itemsOf(value))];
  }
  if (accept === 'text/event-stream') {
    const events = itemsOf(value) as readonly { id: string; type: string }[];
    const lines = events.map(
      (event) => `id: ${event.id}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`,
    );
    return [accept, lines.join('')];
  }
  return ['application/json', JSON.stringify(value)];
}

/** A server that answers what it is told to, so that what a command makes of it does not change from run to run. */
export async function startCannedServer(): Promise<CannedServer> {
  const { cert, key } = await makeCertificate();
  let canned: Canned = {};
  let usual = 200;

  function reply({ method, url = '', headers }: IncomingMessage, response: ServerResponse): void {
    const name = `${method} ${new URL(url, 'https://pay.example').pathname}`;
    const accept = headers.accept ?? '';
    const found = Object.hasOwn(canned, name) ? canned[name] : canned['*'];
    if (found === null) {
      response.writeHead(204).end();
      return;
    }
    const [type, body] = bodyOf(found ?? { code: 'NOT_FOUND', detail: `${name} is not canned` }, accept);
    const isProblem = found === undefined || usual !== 200;
    response.writeHead(found === undefined ? 404 : usual, {
      'content-type': isProblem ? 'application/problem+json' : `${type}; charset=utf-8`,
    });
    response.write(body);
    // A stream of events goes on.
    if (type !== 'text/event-stream') {
      response.end();
    }
  }

  const listener = createServer({ cert, key }, (request, response) => {
    request.resume().once('end', () => reply(request, response));
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  return {
    url: `https://127.0.0.1:${(listener.address() as AddressInfo).port}`,
    fingerprint: fingerprintOf(new X509Certificate(cert).publicKey),
    answer(next, status = 200) {
      canned = next;
      usual = status;
    },
    async stop() {
      const closed = once(listener, 'close');
      listener.close();
      listener.closeAllConnections();
      await closed;
    },
  };
}
