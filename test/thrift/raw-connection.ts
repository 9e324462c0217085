import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { type Message, messagesIn } from './binary-messages.js';

/** A connection to the service that sends whatever bytes a test wants. */
export interface RawConnection {
  socket: Socket;
  send(bytes: Buffer): void;
  /** Resolves with the next answers; rejects where the connection ends before them. */
  answers(count: number): Promise<Message[]>;
  /** Resolves when the other side has ended the connection, with the milliseconds since it was made. */
  cut: Promise<number>;
}

export async function rawConnection(port: number): Promise<RawConnection> {
  const socket = connect({ host: '127.0.0.1', port, noDelay: true });
  const sinceMs = performance.now();
  // A reset is one way of being cut; `cut` and `answers` tell of it.
  socket.on('error', () => {});
  const cut = new Promise<number>((resolve) => {
    socket.on('close', () => resolve(performance.now() - sinceMs));
  });
  let received = Buffer.alloc(0);
  let onChange = () => {};
  socket.on('data', (chunk) => {
    received = Buffer.concat([received, chunk]);
    onChange();
  });
  void cut.then(() => onChange());
  await once(socket, 'connect');
  return {
    socket,
    cut,
    send: (bytes) => {
      socket.write(bytes);
    },
    async answers(count) {
      for (;;) {
        const { messages, byteCount } = messagesIn(received);
        if (messages.length >= count) {
          received = received.subarray(byteCount);
          return messages;
        }
        if (socket.destroyed) {
          throw new Error(`the connection ended after ${messages.length} of ${count} answers`);
        }
        await new Promise<void>((resolve) => {
          onChange = resolve;
        });
      }
    },
  };
}
