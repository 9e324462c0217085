import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Closes the responses that wait behind another one of their connection when that ends. Node closes the one whose turn it is
 * and forgets the others: what those hold, streams and turns of what all share, would be held for ever.
 */
export function makeQueuedResponses() {
  const queues = new WeakMap<Socket, Set<ServerResponse>>();

  function queueOf(socket: Socket): Set<ServerResponse> {
    const known = queues.get(socket);
    if (known !== undefined) {
      return known;
    }
    const queue = new Set<ServerResponse>();
    queues.set(socket, queue);
    socket.once('close', () => {
      for (const response of queue) {
        // One that has had its turn is Node's to close.
        if (response.socket === null) {
          response.destroy();
          // Of a response that has no connection yet, Node 24 says in its next step that it has closed, and Node 20 never does.
          process.nextTick(() => {
            if (!response.closed) {
              response.emit('close');
            }
          });
        }
      }
    });
    return queue;
  }

  return {
    /** Keeps in mind a response that has just come, where it has no connection yet: it waits for another. */
    put(response: ServerResponse): void {
      if (response.socket === null) {
        queueOf(response.req.socket).add(response);
      }
    },
    /** Forgets a response that has closed. */
    free(response: ServerResponse): void {
      queues.get(response.req.socket)?.delete(response);
    },
  };
}
