import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Agent } from 'undici';
import { type ApiServer, startServer } from '../../api/support/api-server.js';
import type { Person } from '../../api/support/people.js';
import { type EventReader, openReader } from '../../features/events/support/event-reader.js';
import { makePostgresDatabase } from '../../support/postgres.js';

/** A server on a database that others use as well. */
export interface OneOfSeveral extends ApiServer {
  openStream(person: Pick<Person, 'token'>): Promise<EventReader>;
}

const environment = { PAY_WEBHOOKS_PRIVATE: 'true' };

/** Starts a server on this database. */
export async function startOn(
  url: string,
  extra: Readonly<Record<string, string>> = {},
): Promise<OneOfSeveral> {
  const server = await startServer({ environment: { PAY_DATABASE_URL: url, ...environment, ...extra } });
  const ca = await readFile(join(server.dataDir, 'tls.crt'), 'utf8');
  // Each stream keeps its connection for itself.
  const dispatcher = new Agent({ connect: { ca } });
  return {
    ...server,
    openStream: ({ token }) => openReader({ url: server.url, dispatcher, token }),
    async stop() {
      await dispatcher.destroy();
      return server.stop();
    },
  };
}

export interface TwoServers {
  readonly url: string;
  readonly one: OneOfSeveral;
  readonly other: OneOfSeveral;
}

/** Two servers on one database of their own, started together. */
export async function startTwo(): Promise<TwoServers> {
  const url = await makePostgresDatabase();
  const [one, other] = await Promise.all([startOn(url), startOn(url)]);
  return { url, one, other };
}
