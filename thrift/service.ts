import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { createSecureContext, TLSSocket } from 'node:tls';
import { callAnswerer } from './answer-call.js';
import { makeConnectionSlots } from './connection-slots.js';
import { safeTls } from './safe-tls.js';
import { serveConnection } from './serve-connection.js';
import { takeTurns } from './take-turns.js';
import { machineClock } from './wall-clock.js';

/** How many connections are held at once; a newcomer beyond takes the place of the one idle longest. */
const maxConnections = 256;

/** The turns of one round of the event loop. It accepts one connection in each, and a crowd of newcomers must not wait. */
const turnsPerRound = 4;

/** How many newcomers the system holds for us while a crowd arrives at once. */
const backlog = 4_096;

/** The options of a connection: who ends its side after asking still gets its answers; a peer that vanished is noticed in time. */
const socketOptions = { allowHalfOpen: true, noDelay: true, keepAlive: true, keepAliveInitialDelay: 60_000 };

export interface TimeServiceOptions {
  host: string;
  /** The port; 0 takes a free one. */
  port: number;
  /** The time, in microseconds since 1970; without it, that of this machine. */
  nowMicros?: () => number;
  /** A certificate, its chain behind it, and its private key (PEM): then it speaks TLS and nothing else. */
  tls?: { readonly cert: string; readonly key: string };
}

export interface TimeService {
  host: string;
  port: number;
  /** Cuts all connections and frees the port. */
  close(): Promise<void>;
}

/** Makes what speaks on a connection: Thrift as it is, or within TLS. A handshake that is not done counts as idle. */
function channelMaker(tls: TimeServiceOptions['tls']): (socket: Socket) => Socket {
  if (tls === undefined) {
    return (socket) => socket;
  }
  const secureContext = createSecureContext({ ...safeTls, ...tls });
  return (socket) => new TLSSocket(socket, { isServer: true, secureContext });
}

/**
 * Starts the service of `timestamp.thrift`; resolves when it listens. Rejects with the system's error (its `code` says
 * EADDRINUSE, EACCES, …) where it cannot.
 */
export async function startTimeService(options: TimeServiceOptions): Promise<TimeService> {
  const answerCall = callAnswerer(options.nowMicros ?? machineClock());
  const turn = takeTurns(turnsPerRound);
  const slots = makeConnectionSlots(maxConnections);
  const channelOn = channelMaker(options.tls);
  const server = createServer(socketOptions, (newcomer) => {
    const socket = channelOn(newcomer);
    // The reading side reports the same error; here it is kept from ending the process.
    socket.on('error', () => {});
    void serveConnection(socket, { answerCall, turn, slot: slots.take(socket) });
  });
  server.listen({ host: options.host, port: options.port, backlog });
  await once(server, 'listening');
  // From here on an error means one newcomer who could not be accepted.
  server.on('error', () => {});
  return {
    host: options.host,
    port: portOf(server),
    async close() {
      const closed = once(server, 'close');
      server.close();
      slots.cutAll();
      await closed;
    },
  };
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') {
    throw new Error('a listening server has a port');
  }
  return address.port;
}
