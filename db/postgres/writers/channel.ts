import type { Client, Notification } from 'pg';
import { type Database, openMaker } from '../../connect.js';

/** The pause before a connection that broke is made anew. */
const pauseMs = 500;

/** A channel on which servers on one database hear of each other, by a connection of its own. */
export interface Channel {
  /** Tells all who listen, this one too. What cannot be told now is lost. */
  tell(text: string): Promise<void>;
  stop(): Promise<void>;
}

export interface Ears {
  /** Called with what is told; `isOwn` where this channel told it. */
  readonly onTold: (text: string, isOwn: boolean) => void;
  /** Called when it is listened from now on, at first and after a connection broke: what was said before is not known. */
  readonly onListening?: () => void;
}

/** Listens on a channel of the database of this URL, and goes on when its connection breaks. */
export function openChannel(url: string, name: string, { onTold, onListening }: Ears): Channel {
  const database: Database = openMaker(url);
  let isStopped = false;
  let retry: NodeJS.Timeout | undefined;

  async function listen(): Promise<void> {
    const connection: Client & { readonly processID?: number } = await database.client.acquireConnection();
    connection.once('end', listenAgain);
    connection.on('notification', ({ payload = '', processId }: Notification) =>
      onTold(payload, processId === connection.processID),
    );
    await database.client.releaseConnection(connection);
    await database.raw(`listen ${name}`);
    onListening?.();
  }

  function listenAgain(): void {
    if (!isStopped) {
      retry = setTimeout(() => void listen().catch(listenAgain), pauseMs);
    }
  }

  void listen().catch(listenAgain);
  return {
    async tell(text) {
      await Promise.resolve(database.raw('select pg_notify(?, ?)', [name, text])).catch(() => {});
    },
    async stop() {
      isStopped = true;
      clearTimeout(retry);
      await database.destroy();
    },
  };
}
