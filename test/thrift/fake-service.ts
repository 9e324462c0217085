import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { fieldType, i64, type Message, message, messagesIn, messageType } from './binary-messages.js';

export interface FakeService {
  host: string;
  port: number;
  /** How many connections it has accepted so far. */
  connectionCount(): number;
  close(): Promise<void>;
}

/** A service that answers each call as a test wants; `connectionIndex` counts from 0. */
export async function fakeService(
  onCall: (call: Message, socket: Socket, connectionIndex: number) => void,
  port = 0,
): Promise<FakeService> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    const connectionIndex = sockets.push(socket) - 1;
    let received = Buffer.alloc(0);
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      const { messages, byteCount } = messagesIn(Buffer.concat([received, chunk]));
      received = Buffer.concat([received, chunk]).subarray(byteCount);
      for (const call of messages) {
        onCall(call, socket, connectionIndex);
      }
    });
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') {
    throw new Error('a listening server has a port');
  }
  return {
    host: '127.0.0.1',
    port: address.port,
    connectionCount: () => sockets.length,
    async close() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) {
        socket.destroy();
      }
      await closed;
    },
  };
}

/** The answer to a call for microseconds. */
export function microsAnswer(call: Message, micros: bigint): Buffer {
  return message({
    name: call.name,
    type: messageType.reply,
    seqid: call.seqid,
    fields: [{ id: 0, type: fieldType.i64, value: i64(micros) }],
  });
}
