import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { BlockList, Socket } from 'node:net';
import type { Logger } from 'pino';
import type { Share } from '../../rate-figures.js';
import { safeTls } from '../../safe-tls.js';
import { Slots } from '../../slots.js';
import { answerClientErrors } from './client-errors.js';
import { makeConnectionShare } from './connection-share.js';
import { cutIdleWrites } from './idle-writes.js';
import { makeQueuedResponses } from './queued-responses.js';

const timeouts = {
  tlsHandshakeMs: 10_000,
  headersMs: 10_000,
  /** The time from the first byte of a request to the last of its body. */
  requestMs: 15_000,
  /** How long a client may leave what it is sent untaken. */
  idleWriteMs: 30_000,
  /**
   * The time that an idle connection is kept: longer than clients and proxies keep it, so that they close it and not the
   * server, under a request.
   */
  keepAliveMs: 75_000,
  /** How often Node looks for requests beyond their time; adds that much to the limits. */
  checkMs: 1_000,
} as const;

const maxHeaderBytes = 16 * 1024;

export interface HttpsServerOptions {
  /** The certificate, with its chain behind it (PEM). */
  readonly cert: string;
  /** The private key (PEM). */
  readonly key: string;
  readonly handler: (request: IncomingMessage, response: ServerResponse) => void;
  readonly logger: Logger;
  /** Shorter limits, for those who cannot wait to see them hold. */
  readonly limits?: Partial<Record<keyof typeof timeouts, number>>;
  /** How many connections one network may have, and how many there are in all. */
  readonly connections: Share;
  /** Proxies that speak for many networks. */
  readonly proxies?: BlockList | undefined;
}

/** The traffic of a server, which `drain` needs to know. */
export interface Traffic {
  readonly inFlight: Pick<Slots<ServerResponse>, 'size' | 'values'>;
  readonly connections: ReadonlySet<Socket>;
  /** Connections whose TLS handshake is not done, by the address and port of the client. */
  readonly handshakes: ReadonlyMap<string, Socket>;
}

export interface DrainableServer extends Server {
  readonly traffic: Traffic;
}

/** An HTTPS server with the limits of this product. It does not listen yet. */
export function makeHttpsServer(options: HttpsServerOptions): DrainableServer {
  const limits = { ...timeouts, ...options.limits };
  const server = createServer({
    cert: options.cert,
    key: options.key,
    ...safeTls,
    ALPNProtocols: ['http/1.1'],
    handshakeTimeout: limits.tlsHandshakeMs,
    headersTimeout: limits.headersMs,
    requestTimeout: limits.requestMs,
    keepAliveTimeout: limits.keepAliveMs,
    connectionsCheckingInterval: limits.checkMs,
    maxHeaderSize: maxHeaderBytes,
    // The application checks it, and answers with a problem document.
    requireHostHeader: false,
    // Headers are joined so that one that may stand once and stands twice is seen for what it is.
    joinDuplicateHeaders: true,
    keepAlive: true,
  });
  const traffic = watchTraffic(server, options);
  server.once('close', cutIdleWrites(traffic.connections, limits.idleWriteMs));
  answerClientErrors(server, options.logger);
  server.on('tlsClientError', (error) => options.logger.debug({ err: error }, 'a TLS handshake failed'));
  return Object.assign(server, { traffic });
}

const slotOf = Symbol('slot');

type SlottedResponse = ServerResponse & { [slotOf]: number };

function watchTraffic(server: Server, options: HttpsServerOptions): Traffic {
  const { handler } = options;
  const { connections, handshakes } = watchConnections(server, options);
  const inFlight = new Slots<ServerResponse>();
  const queued = makeQueuedResponses();
  // One function for all responses, each of which closes once.
  function onClose(this: SlottedResponse): void {
    inFlight.free(this[slotOf]);
    queued.free(this);
    if (!server.listening) {
      endUnlessBusy(this.req.socket, inFlight.values());
    }
  }
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    if (!request.socket.writable) {
      // The request came while the connection was being ended: what cannot be answered must not be done.
      request.socket.destroy();
      return;
    }
    (response as SlottedResponse)[slotOf] = inFlight.put(response);
    response.on('close', onClose);
    queued.put(response);
    if (!server.listening) {
      response.setHeader('Connection', 'close');
    }
    handler(request, response);
  };
  server.on('request', answer);
  // The body reader says "100 Continue" when it wants the body, and an expectation nobody knows is no reason to refuse.
  server.on('checkContinue', answer);
  server.on('checkExpectation', answer);
  return { inFlight, connections, handshakes };
}

/** While a server drains, a connection ends with the last answer that is owed on it. */
function endUnlessBusy(socket: Socket, inFlight: readonly ServerResponse[]): void {
  for (const response of inFlight) {
    if (response.req.socket === socket) {
      return;
    }
  }
  socket.destroySoon();
}

function watchConnections(
  server: Server,
  { connections: share, proxies }: Pick<HttpsServerOptions, 'connections' | 'proxies'>,
): Pick<Traffic, 'connections' | 'handshakes'> {
  const isWithinShare = makeConnectionShare(share, proxies);
  const connections = new Set<Socket>();
  const handshakes = new Map<string, Socket>();
  server.on('connection', (socket: Socket) => {
    if (!isWithinShare(socket)) {
      return;
    }
    const peer = peerOf(socket);
    handshakes.set(peer, socket);
    socket.once('close', () => handshakes.delete(peer));
  });
  server.on('secureConnection', (socket) => {
    handshakes.delete(peerOf(socket));
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
  });
  return { connections, handshakes };
}

function peerOf(socket: Socket): string {
  return `${socket.remoteAddress} ${socket.remotePort}`;
}
