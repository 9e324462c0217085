import type { Notification } from 'pg';
import { type Database, openMaker } from '../../connect.js';
import { batchChannel } from '../batch-function.js';

/** The pause before a connection that broke is made anew. */
const pauseMs = 500;

export interface Listening {
  stop(): Promise<void>;
}

/**
 * Calls `onCommit` when another writer may have written: with the number of each commit, and with infinity when writers have come
 * or gone, or the connection was made anew, since nobody knows what was said meanwhile. It is a hint to look into the log.
 */
export function listenForBatches(url: string, onCommit: (commits: number) => void): Listening {
  const database: Database = openMaker(url);
  let isStopped = false;
  let retry: NodeJS.Timeout | undefined;

  async function listen(): Promise<void> {
    const connection = await database.client.acquireConnection();
    connection.once('end', listenAgain);
    connection.on('notification', ({ payload = '' }: Notification) =>
      onCommit(payload === '' ? Number.POSITIVE_INFINITY : Number(payload)),
    );
    await database.client.releaseConnection(connection);
    await database.raw(`listen ${batchChannel}`);
    onCommit(Number.POSITIVE_INFINITY);
  }

  function listenAgain(): void {
    if (!isStopped) {
      retry = setTimeout(() => void listen().catch(listenAgain), pauseMs);
    }
  }

  void listen().catch(listenAgain);
  return {
    async stop() {
      isStopped = true;
      clearTimeout(retry);
      await database.destroy();
    },
  };
}
