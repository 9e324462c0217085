import { once } from 'node:events';
import { Server as NetServer } from 'node:net';
import type { DrainableServer } from './listen.js';

/**
 * Closes a server without dropping anybody: no new connections, each request in flight gets its answer and its
 * connection ends after it, idle connections end at once. What is still open after `deadlineMs` is cut off.
 * Resolves when the last connection is gone.
 */
export async function drain(server: DrainableServer, deadlineMs: number): Promise<void> {
  if (!server.listening) {
    return;
  }
  const closed = once(server, 'close');
  // The close of an HTTP server would also cut connections whose last answer is still on its way to a slow reader.
  NetServer.prototype.close.call(server);
  endIdleConnections(server);
  announceEnd(server);
  const deadline = setTimeout(() => cutConnections(server), deadlineMs);
  await closed;
  clearTimeout(deadline);
  // The server itself is closed only to stop looking for late requests.
  server.close();
}

function endIdleConnections({ traffic }: DrainableServer): void {
  for (const socket of traffic.handshakes.values()) {
    socket.destroy();
  }
  const busy = new Set(traffic.inFlight.values().map((response) => response.req.socket));
  for (const socket of traffic.connections) {
    if (!busy.has(socket)) {
      socket.destroySoon();
    }
  }
}

/** Says on the last answer that a connection is owed that it is the last; the server ends the connection after it. */
function announceEnd({ traffic }: DrainableServer): void {
  const lastOfSocket = new Map(traffic.inFlight.values().map((response) => [response.req.socket, response]));
  for (const response of lastOfSocket.values()) {
    if (!response.headersSent) {
      response.setHeader('Connection', 'close');
    }
  }
}

function cutConnections({ traffic }: DrainableServer): void {
  for (const socket of [...traffic.connections, ...traffic.handshakes.values()]) {
    socket.destroy();
  }
}
