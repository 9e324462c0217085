import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Refusal } from '../../errors.js';

/** Throws MALFORMED_REQUEST for a request whose body others may see end elsewhere, and for what follows it on its connection. */
export type CheckTransferCoding = (request: IncomingMessage, response: ServerResponse) => void;

const isInChunksAlone = ({ headers, httpVersion }: IncomingMessage): boolean =>
  headers['transfer-encoding']?.toLowerCase() === 'chunked' && httpVersion === '1.1';

/**
 * Node's parser passes over codings that it does not undo, and takes chunks from a client of HTTP/1.0, which has none. A proxy in
 * front may take something else for the end of such a body, and what follows for somebody else's request (RFC 9112 §6.1, §11.2).
 */
export function makeTransferCodingCheck(): CheckTransferCoding {
  // Node hands out what has come behind a request, whatever that is answered.
  const ended = new WeakSet<Socket>();
  return (request, response) => {
    const { socket, headers } = request;
    const isSound = headers['transfer-encoding'] === undefined || isInChunksAlone(request);
    if (isSound && !ended.has(socket)) {
      return;
    }
    ended.add(socket);
    response.setHeader('Connection', 'close');
    throw new Refusal(
      'MALFORMED_REQUEST',
      'A body comes with its length or, in HTTP/1.1, in chunks and no other coding.',
    );
  };
}
