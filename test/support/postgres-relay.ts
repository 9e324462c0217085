import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { ExecutionContext } from 'ava';

/** A way to a PostgreSQL on which connections can go silent. */
export interface PostgresRelay {
  /** The URL of the database by this way. */
  readonly url: string;
  /** Carries nothing more on the connections that there are, without a word; those that come later are well. */
  silence(): void;
}

/** Opens a way to the database of this URL, for as long as the test runs. */
export async function startRelay(t: ExecutionContext, url: string): Promise<PostgresRelay> {
  const { hostname, port } = new URL(url);
  const pairs = new Set<readonly [Socket, Socket]>();
  const relay = createServer((client) => {
    const server = connect(Number(port), hostname);
    const pair = [client, server] as const;
    pairs.add(pair);
    for (const [from, to] of [pair, [server, client]] as const) {
      from.on('data', (bytes) => to.write(bytes));
      from.on('error', () => {});
      from.on('close', () => {
        to.destroy();
        pairs.delete(pair);
      });
    }
  });
  relay.listen(0, '127.0.0.1');
  await once(relay, 'listening');
  t.teardown(() => {
    for (const socket of [...pairs].flat()) {
      socket.destroy();
    }
    relay.close();
  });
  const way = new URL(url);
  way.host = `127.0.0.1:${(relay.address() as AddressInfo).port}`;
  return {
    url: way.href,
    silence() {
      for (const socket of [...pairs].flat()) {
        socket.removeAllListeners('data').pause();
      }
    },
  };
}
