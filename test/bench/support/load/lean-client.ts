import { once } from 'node:events';
import { connect, type TLSSocket } from 'node:tls';

export interface LeanAnswer {
  readonly status: number;
  readonly text: string;
}

interface Waiting {
  resolve(answer: LeanAnswer): void;
  reject(error: Error): void;
}

const ending = '\r\n\r\n';

/** The answer that a connection has received, one character a byte; undefined as long as some of it is missing. */
function readAnswer(received: string): LeanAnswer | undefined {
  const head = received.indexOf(ending);
  if (head < 0) {
    return undefined;
  }
  const length = /\r\ncontent-length: (\d+)\r\n/i.exec(received)?.[1];
  if (length === undefined) {
    throw new Error(`an answer does not say its length: ${received.slice(0, head)}`);
  }
  const text = received.slice(head + ending.length);
  return text.length < Number(length)
    ? undefined
    : { status: Number(received.slice('HTTP/1.1 '.length, 'HTTP/1.1 200'.length)), text };
}

/** A connection that is kept, with one request at a time. */
class Connection {
  private readonly socket: TLSSocket;
  private received = '';
  private waiting: Waiting | undefined;

  constructor(socket: TLSSocket) {
    this.socket = socket;
    socket.setEncoding('latin1');
    socket.on('data', (bytes) => this.take(String(bytes)));
    socket.on('error', (error) => this.fail(error));
    socket.on('close', () => this.fail(new Error('the connection was closed')));
  }

  send(request: string): Promise<LeanAnswer> {
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject };
      if (this.socket.destroyed) {
        this.fail(new Error('the connection was closed'));
      } else {
        this.socket.write(request);
      }
    });
  }

  close(): void {
    this.socket.destroy();
  }

  private take(bytes: string): void {
    this.received += bytes;
    try {
      const answer = readAnswer(this.received);
      if (answer !== undefined) {
        this.received = '';
        this.waiting?.resolve(answer);
        this.waiting = undefined;
      }
    } catch (error) {
      this.fail(error as Error);
    }
  }

  private fail(error: Error): void {
    this.waiting?.reject(error);
    this.waiting = undefined;
  }
}

/**
 * A client that takes a third of what a whole one does for a request: where it shares the processors with the server that is measured, what
 * it takes is missing there. It knows no more of HTTP than this server needs, and a connection that ends is not opened anew.
 */
export interface LeanClient {
  /** Sends a request, whole as it goes over the line, when a connection is free. Rejects where that one ends. */
  send(request: string): Promise<LeanAnswer>;
  close(): void;
}

/** Opens so many connections to a server whose certificate nobody vouches for. */
export async function openLeanClient(url: string, connections: number): Promise<LeanClient> {
  const { hostname, port } = new URL(url);
  const open = async () => {
    const socket = connect({ host: hostname, port: Number(port), rejectUnauthorized: false });
    await once(socket, 'secureConnect');
    return new Connection(socket);
  };
  const all = await Promise.all(Array.from({ length: connections }, open));
  const free = [...all];
  const queue: ((connection: Connection) => void)[] = [];
  // In turn, since the server closes one that is idle for long.
  const take = () => free.shift() ?? new Promise<Connection>((resolve) => queue.push(resolve));
  function giveBack(connection: Connection): void {
    const next = queue.shift();
    if (next === undefined) {
      free.push(connection);
    } else {
      next(connection);
    }
  }
  return {
    async send(request) {
      const connection = await take();
      try {
        return await connection.send(request);
      } finally {
        giveBack(connection);
      }
    },
    close() {
      for (const connection of all) {
        connection.close();
      }
    },
  };
}
