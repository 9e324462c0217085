import type { Socket } from 'node:net';

/** How often connections are looked at within the time that one may leave what it is sent untaken. */
const looks = 4;

/** What a connection had taken when it was last seen to take something. */
interface Taken {
  bytes: number;
  sinceMs: number;
}

const takenBy = (socket: Socket) => socket.bytesWritten - socket.writableLength;

/**
 * Cuts connections whose client leaves what it is sent untaken for so long: what waits for it takes memory, and whoever does
 * not read never comes to its end. Gives the way to stop looking.
 */
export function cutIdleWrites(connections: ReadonlySet<Socket>, patienceMs: number): () => void {
  const waiting = new Map<Socket, Taken>();

  function look(): void {
    const nowMs = performance.now();
    for (const socket of waiting.keys()) {
      if (!connections.has(socket) || socket.writableLength === 0) {
        waiting.delete(socket);
      }
    }
    for (const socket of connections) {
      if (socket.writableLength === 0) {
        continue;
      }
      const bytes = takenBy(socket);
      const before = waiting.get(socket);
      if (before === undefined || bytes > before.bytes) {
        waiting.set(socket, { bytes, sinceMs: nowMs });
      } else if (nowMs - before.sinceMs >= patienceMs) {
        socket.destroy();
      }
    }
  }

  const timer = setInterval(look, patienceMs / looks);
  timer.unref();
  return () => clearInterval(timer);
}
