import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { ExecutionContext } from 'ava';

/** A way to a PostgreSQL on which connections can go silent, or break at a chosen moment. */
export interface PostgresRelay {
  /** The URL of the database by this way. */
  readonly url: string;
  /** Carries nothing more on the connections that there are, without a word; those that come later are well. */
  silence(): void;
  /** Breaks the next connection on which this is asked, in the same packet as the answer. Resolves when it has. */
  breakWithAnswer(asked: RegExp): Promise<void>;
  /** Breaks the next connection on which this is asked, once it is answered, in place of the answer. */
  breakInPlaceOfAnswer(asked: RegExp): Promise<void>;
  /** Breaks so many connections at the moment at which this is asked on them. */
  breakBefore(asked: string, times: number): void;
}

/** What PostgreSQL says on a connection that the administrator ends. */
function farewell(): Buffer {
  const fields = ['SFATAL', 'VFATAL', 'C57P01', 'Mterminating connection due to administrator command', ''];
  const text = Buffer.from(fields.map((field) => `${field}\0`).join(''));
  const head = Buffer.from('E0000');
  head.writeInt32BE(4 + text.length, 1);
  return Buffer.concat([head, text]);
}

/** The end of an answer: PostgreSQL is ready for the next question. */
const ready = Buffer.from([90, 0, 0, 0, 5]);

/** Opens a way to the database of this URL, for as long as the test runs. */
export async function startRelay(t: ExecutionContext, url: string): Promise<PostgresRelay> {
  const { hostname, port } = new URL(url);
  const pairs = new Set<readonly [Socket, Socket]>();
  let breaking: { readonly asked: RegExp; readonly isTold: boolean; readonly done: () => void } | undefined;
  let refusing = { asked: '', left: 0 };
  const relay = createServer((client) => {
    const server = connect(Number(port), hostname);
    const pair = [client, server] as const;
    pairs.add(pair);
    let asked = '';
    client.on('data', (bytes) => {
      asked = bytes.toString('latin1');
      if (refusing.left > 0 && asked.includes(refusing.asked)) {
        refusing.left -= 1;
        client.destroy();
      } else {
        server.write(bytes);
      }
    });
    server.on('data', (bytes) => {
      if (breaking?.asked.test(asked) && bytes.includes(ready)) {
        client.end(breaking.isTold ? Buffer.concat([bytes, farewell()]) : '');
        server.destroy();
        breaking.done();
        breaking = undefined;
      } else {
        client.write(bytes);
      }
    });
    for (const [socket, opposite] of [pair, [server, client]] as const) {
      socket.on('error', () => {});
      socket.on('close', () => {
        opposite.end();
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
    breakWithAnswer: (asked) =>
      new Promise((done) => {
        breaking = { asked, isTold: true, done };
      }),
    breakInPlaceOfAnswer: (asked) =>
      new Promise((done) => {
        breaking = { asked, isTold: false, done };
      }),
    breakBefore(asked, times) {
      refusing = { asked, left: times };
    },
  };
}
