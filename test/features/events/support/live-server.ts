import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { Agent } from 'undici';
import { type ApiServer, startServer } from '../../../api/support/api-server.js';
import type { Person } from '../../../api/support/people.js';
import { type EventReader, openReader } from './event-reader.js';

/** A server with connections of their own for streams. */
export interface LiveServer extends ApiServer {
  openStream(person: Pick<Person, 'token'>, lastEventId?: string): Promise<EventReader>;
  /** Cuts what streams are left, and stops the server. */
  leave(): Promise<void>;
}

/** Starts a server; whoever asks stops it. */
export async function openLiveServer(dataDir: string): Promise<LiveServer> {
  const server = await startServer({ dataDir });
  const { url } = server;
  // Each stream keeps its connection for itself.
  const dispatcher = new Agent({ connect: { ca: await readFile(join(dataDir, 'tls.crt'), 'utf8') } });
  return {
    ...server,
    openStream: ({ token }, lastEventId) => openReader({ url, dispatcher, token, lastEventId }),
    async leave() {
      await dispatcher.destroy();
      await server.stop();
    },
  };
}

/** Starts a server that is gone at the end of the test. */
export async function startLiveServer(t: ExecutionContext<unknown>, dataDir: string): Promise<LiveServer> {
  const server = await openLiveServer(dataDir);
  t.teardown(() => server.leave());
  return server;
}
