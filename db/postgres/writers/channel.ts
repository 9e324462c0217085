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
  /** The next round; a connection that breaks while it begins to be listened to says so twice, and asks for one all the same. */
  let retry: NodeJS.Timeout | undefined;
  const heard = new WeakSet<Client>();

  /** Hears a connection, once: whatever is tried again on it, nothing that is told there counts twice. */
  function hear(connection: Client & { readonly processID?: number }): void {
    if (heard.has(connection)) {
      return;
    }
    heard.add(connection);
    connection.once('end', listenAgain);
    connection.on('notification', ({ payload = '', processId }: Notification) =>
      onTold(payload, processId === connection.processID),
    );
  }

  async function listen(): Promise<void> {
    const connection: Client = await database.client.acquireConnection();
    try {
      hear(connection);
      await database.raw(`listen ${name}`).connection(connection);
    } finally {
      await database.client.releaseConnection(connection);
    }
    onListening?.();
  }

  function listenAgain(): void {
    if (!isStopped) {
      retry ??= setTimeout(() => {
        retry = undefined;
        void listen().catch(listenAgain);
      }, pauseMs);
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
