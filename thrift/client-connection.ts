import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { TBinaryProtocol, TBufferedTransport, Thrift } from 'thrift';
import { Client } from './generated/TimestampService.js';
import { messageReader } from './message-reader.js';
import { safeTls } from './safe-tls.js';

/** A call on its way. */
export interface Question<T> {
  /** Rejects where the connection breaks or what comes back is no answer. */
  answer: Promise<T>;
  /** Waits no more; the connection is retired. Does nothing where the answer is there. */
  abandon(): void;
}

/** One connection to the service, shared by concurrent calls. */
export interface ClientConnection {
  isUsable(): boolean;
  ask<T>(call: (client: Client) => Promise<T>): Question<T>;
  /** Takes no further calls, and is dropped when those under way are done. */
  retire(): void;
  /** Drops the connection at once; whoever waits on it is told. */
  drop(): void;
}

const socketOptions = { noDelay: true, keepAlive: true, keepAliveInitialDelay: 10_000 };

/** A connection that is on its way; over TLS what is written waits until the service has shown that it is the one meant. */
function openSocket({ ca, ...address }: { host: string; port: number; ca?: string }): Socket {
  if (ca === undefined) {
    return connect({ ...address, ...socketOptions });
  }
  const name = isIP(address.host) === 0 ? { servername: address.host } : {};
  return connectTls({ ...address, ...socketOptions, ...safeTls, ...name, ca });
}

/**
 * Connects; a failure to do so shows in the answers. Only while a call is under way does the connection keep the process
 * alive. An answer finds its call by its sequence number, and a connection on which a call was abandoned takes no other,
 * so a late answer never reaches a later call.
 */
export function openConnection(address: { host: string; port: number; ca?: string }): ClientConnection {
  const socket = openSocket(address);
  const client = new Client(new TBufferedTransport(undefined, (call) => socket.write(call)), TBinaryProtocol);
  let waiting = 0;
  let isRetired = false;

  const fail = (error: Error) => {
    isRetired = true;
    socket.destroy();
    const unanswered = Object.values(client._reqs);
    client._reqs = {};
    for (const answered of unanswered) {
      answered(error);
    }
  };
  const waitFor = (difference: 1 | -1 | 0) => {
    waiting += difference;
    if (waiting > 0) {
      socket.ref();
    } else if (isRetired) {
      fail(new Error('the connection was given up'));
    } else {
      socket.unref();
    }
  };
  const retire = () => {
    isRetired = true;
    waitFor(0);
  };

  // A name with several addresses is tried on several handles, each of which has to be told anew.
  socket.on('connect', () => waitFor(0));
  socket.on('secureConnect', () => waitFor(0));
  socket.on('error', fail);
  socket.on('close', () => fail(new Error('the service closed the connection')));
  receiveAnswers(socket, client, fail);

  return {
    isUsable: () => !isRetired,
    ask(call) {
      let isWaiting = true;
      const stopWaiting = () => {
        if (isWaiting) {
          isWaiting = false;
          waitFor(-1);
        }
      };
      waitFor(1);
      return {
        answer: call(client).finally(stopWaiting),
        abandon() {
          if (isWaiting) {
            isRetired = true;
            stopWaiting();
          }
        },
      };
    },
    retire,
    drop: () => fail(new Error('the connection was dropped')),
  };
}

function receiveAnswers(socket: Socket, client: Client, fail: (error: Error) => void): void {
  let rest: Buffer = Buffer.alloc(0);
  socket.on('data', (chunk) => {
    const messages = messageReader(Buffer.concat([rest, chunk]));
    try {
      while (messages.next((message) => receiveAnswer(message, client)) !== undefined) {}
      rest = Buffer.from(messages.rest());
    } catch (error) {
      fail(error instanceof Error ? error : new Error(String(error)));
    }
  });
}

/** Settles the call that the message answers. Throws, and leaves the call waiting, where it answers none or is not whole. */
function receiveAnswer(message: TBinaryProtocol, client: Client): 'received' {
  const { fname, mtype, rseqid } = message.readMessageBegin();
  const answered = client._reqs[rseqid];
  if (answered === undefined) {
    throw new Error('what came is the answer to no call');
  }
  if (mtype !== Thrift.MessageType.REPLY && mtype !== Thrift.MessageType.EXCEPTION) {
    throw new Error(`a message of type ${mtype} is no answer`);
  }
  try {
    switch (String(fname)) {
      case 'getCurrentTimestamp':
        client.recv_getCurrentTimestamp(message, mtype, rseqid);
        return 'received';
      case 'getCurrentTimeMicros':
        client.recv_getCurrentTimeMicros(message, mtype, rseqid);
        return 'received';
      default:
        throw new Error('what came is the answer of another function');
    }
  } catch (error) {
    client._reqs[rseqid] = answered;
    throw error;
  }
}
