import { once } from 'node:events';
import type { DrainableServer } from './listen.js';

/** How often connections that have just become idle are looked for. */
const sweepMs = 50;

/**
 * Closes a server without dropping anybody: no new connections, each request in flight gets its answer with
 * `Connection: close`, idle connections end at once. What is still open after `deadlineMs` is cut off.
 * Resolves when the last connection is gone.
 */
export async function drain(server: DrainableServer, deadlineMs: number): Promise<void> {
  if (!server.listening) {
    return;
  }
  const closed = once(server, 'close');
  server.close();
  for (const response of server.traffic.inFlight) {
    if (!response.headersSent) {
      response.setHeader('Connection', 'close');
    }
  }
  closeSilent(server);
  const sweep = setInterval(() => server.closeIdleConnections(), sweepMs);
  const deadline = setTimeout(() => closeAll(server), deadlineMs);
  await closed;
  clearInterval(sweep);
  clearTimeout(deadline);
}

/** Connections that have not sent a byte are not idle to Node, which waits for their first request. */
function closeSilent(server: DrainableServer): void {
  for (const socket of server.traffic.sockets) {
    if (socket.bytesRead === 0) {
      socket.destroy();
    }
  }
}

function closeAll(server: DrainableServer): void {
  server.closeAllConnections();
  for (const socket of server.traffic.sockets) {
    socket.destroy();
  }
}
