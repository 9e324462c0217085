import { once } from 'node:events';
import {
  createServer as createHttpServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { ExecutionContext } from 'ava';
import { inTime } from '../../../support/until.js';

export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Answers a request, or leaves it without an answer. */
export type Answer = (response: ServerResponse, received: Received) => void;

export const withStatus =
  (status: number): Answer =>
  (response) =>
    response.writeHead(status).end('thank you');

export const never: Answer = () => {};

/** Somebody's endpoint. */
export interface Receiver {
  readonly port: number;
  /** The next request that was not given yet; waits for it. */
  next(): Promise<Received>;
  /** How many requests have come. */
  count(): number;
  /** What to answer from now on. */
  answer(answer: Answer): void;
}

export interface ReceiverOptions {
  readonly answer?: Answer;
  /** For https; without it http. */
  readonly tls?: { readonly cert: string; readonly key: string };
}

/** A real server on the loopback address, gone at the end of the test. */
export async function startReceiver(t: ExecutionContext, options: ReceiverOptions = {}): Promise<Receiver> {
  let answer = options.answer ?? withStatus(200);
  let count = 0;
  const arrived: Received[] = [];
  const waiting: ((received: Received) => void)[] = [];

  async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url: path = '', headers } = request;
    const received = { method, path, headers, body: await text(request) };
    const { type, challenge } = JSON.parse(received.body) as Record<string, unknown>;
    if (type === 'webhook.challenge') {
      response.end(JSON.stringify({ challenge }));
      return;
    }
    count += 1;
    const taker = waiting.shift();
    if (taker) {
      taker(received);
    } else {
      arrived.push(received);
    }
    answer(response, received);
  }

  const handle = (request: IncomingMessage, response: ServerResponse) => {
    // A sender that breaks off is no concern of the endpoint's.
    receive(request, response).catch(() => {});
  };
  const server: Server = options.tls ? createHttpsServer(options.tls, handle) : createHttpServer(handle);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    server.close();
    server.closeAllConnections();
  });
  return {
    port: (server.address() as AddressInfo).port,
    count: () => count,
    answer(next) {
      answer = next;
    },
    async next() {
      const first = arrived.shift();
      return first ?? inTime('a request', new Promise<Received>((resolve) => waiting.push(resolve)));
    },
  };
}
