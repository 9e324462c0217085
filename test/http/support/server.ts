import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { Writable } from 'node:stream';
import { connect, type TLSSocket } from 'node:tls';
import type { ExecutionContext } from 'ava';
import { Agent, request as undiciRequest } from 'undici';
import { type AppOptions, makeApp } from '../../../server/http/application.js';
import {
  type DrainableServer,
  type HttpsServerOptions,
  makeHttpsServer,
} from '../../../server/http/serve/listen.js';
import { makeLogger } from '../../../server/program/process/logger.js';
import { usualShares } from '../../../server/rate-figures.js';
import { patienceMs } from '../../support/until.js';
import { makeCertificate } from './certificate.js';
import { makeGate, type TestGate } from './gate.js';
import { testRoutes } from './routes.js';
import { viewers } from './viewers.js';

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: what a test expects of it is what the test says next.
  readonly json: any;
}

export interface Asked {
  readonly method?: string;
  readonly token?: string;
  readonly headers?: Record<string, string | string[]>;
  readonly body?: string | Buffer | AsyncIterable<Uint8Array>;
  /** Sent as JSON with its content type. */
  readonly send?: unknown;
}

export interface TestServer {
  readonly server: DrainableServer;
  readonly port: number;
  readonly gate: TestGate;
  readonly app: ReturnType<typeof makeApp>;
  /** The lines of the log so far. */
  log(): Record<string, unknown>[];
  rawLog(): string;
  ask(path: string, asked?: Asked): Promise<Reply>;
  /** A TLS connection to send bytes over. */
  dial(): Promise<TLSSocket>;
}

export const info: AppOptions['info'] = {
  title: 'test',
  version: '1.2.3',
  description: 'Routes for the tests of the door.',
  contact: { name: 'nobody' },
  license: { name: 'MIT', identifier: 'MIT' },
  tags: [
    { name: 'things', description: 'Things.' },
    { name: 'accounts', description: 'Accounts.' },
    { name: 'About', description: 'About.' },
  ],
};

interface TestOptions
  extends Partial<
      Pick<AppOptions, 'routes' | 'rateLimits' | 'trustedProxies' | 'authenticate' | 'diskFloor'>
    >,
    Partial<Pick<HttpsServerOptions, 'limits' | 'connections' | 'proxies'>> {}

/** The real application behind a real HTTPS server on a free port; gone at the end of the test. */
export async function startServer(
  t: ExecutionContext<unknown>,
  options: TestOptions = {},
): Promise<TestServer> {
  const { stream, text } = makeLogBook();
  const logger = makeLogger({ level: 'debug', stream });
  const gate = makeGate();
  const app = makeApp({
    routes: testRoutes(gate),
    authenticate: async (token) => viewers[token],
    logger,
    info,
    rateLimits: undefined,
    ...options,
  });
  const server = makeHttpsServer({
    ...(await makeCertificate()),
    handler: app.callback(),
    logger,
    connections: usualShares.connections,
    ...options,
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const agent = new Agent({ connect: { rejectUnauthorized: false } });
  t.teardown(async () => {
    gate.open();
    await agent.destroy();
    server.closeAllConnections();
    server.close();
  });
  return {
    server,
    port,
    gate,
    app,
    rawLog: text,
    log: () =>
      text()
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line)),
    ask: (path, asked) => ask(`https://127.0.0.1:${port}${path}`, agent, asked),
    dial: () => dial(t, port),
  };
}

function makeLogBook(): { stream: Writable; text: () => string } {
  const chunks: Buffer[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk);
      done();
    },
  });
  return { stream, text: () => Buffer.concat(chunks).toString() };
}

async function ask(url: string, dispatcher: Agent, asked: Asked = {}): Promise<Reply> {
  const body = asked.send === undefined ? asked.body : JSON.stringify(asked.send);
  const answer = await undiciRequest(url, {
    dispatcher,
    method: (asked.method ?? (body === undefined ? 'GET' : 'POST')) as 'GET',
    headers: {
      ...(asked.token !== undefined && { authorization: `Bearer ${asked.token}` }),
      ...(asked.send !== undefined && { 'content-type': 'application/json' }),
      ...asked.headers,
    },
    ...(body !== undefined && { body: body as string }),
  });
  const text = await answer.body.text();
  const isJson = /json/.test(String(answer.headers['content-type'])) && text !== '';
  return {
    status: answer.statusCode,
    headers: answer.headers,
    text,
    json: isJson ? JSON.parse(text) : undefined,
  };
}

async function dial(t: ExecutionContext<unknown>, port: number): Promise<TLSSocket> {
  const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false });
  t.teardown(() => socket.destroy());
  await once(socket, 'secureConnect');
  return socket;
}

/** Reads all that the server says until it ends the connection. */
export async function readToEnd(socket: Socket): Promise<string> {
  let text = '';
  socket.setEncoding('utf8');
  for await (const chunk of socket) {
    text += chunk;
  }
  return text;
}

/** Reads what the server says until this has come so many times. */
export async function readUntil(socket: TLSSocket, mark: string, times = 1): Promise<string> {
  let text = '';
  while (text.split(mark).length <= times) {
    const [chunk] = await once(socket, 'data', { signal: AbortSignal.timeout(patienceMs) });
    text += String(chunk);
  }
  return text;
}

/** Resolves when the connection is gone, in whatever way it went. */
export async function whenClosed(socket: Socket): Promise<void> {
  socket.on('error', () => {});
  socket.resume();
  await new Promise((resolve) => socket.once('close', resolve));
}
