import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { PayServer } from './pay-server.js';

/** A stretch of network in front of a server that delays every byte, either way, and shows the server's own key. */
export interface SlowNetwork extends PayServer {
  /** How many connections were made through it. */
  connections(): number;
}

function carry(from: Socket, to: Socket, delayMs: number): void {
  from.setNoDelay(true);
  from.on('data', (bytes) => setTimeout(() => to.writable && to.write(bytes), delayMs));
  from.on('close', () => setTimeout(() => to.end(), delayMs));
  from.on('error', () => to.destroy());
}

export async function startSlowNetwork(server: PayServer, delayMs: number): Promise<SlowNetwork> {
  const sockets = new Set<Socket>();
  let connections = 0;
  const listener = createServer((near) => {
    connections += 1;
    const far = connect(Number(new URL(server.url).port), '127.0.0.1');
    sockets.add(near).add(far);
    carry(near, far, delayMs);
    carry(far, near, delayMs);
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  return {
    url: `https://127.0.0.1:${(listener.address() as AddressInfo).port}`,
    fingerprint: server.fingerprint,
    connections: () => connections,
    async stop() {
      const closed = once(listener, 'close');
      listener.close();
      for (const socket of sockets) {
        socket.destroy();
      }
      await closed;
    },
  };
}
