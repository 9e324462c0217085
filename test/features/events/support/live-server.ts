import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { Agent } from 'undici';
import { type Client, makeClient } from '../../../api/support/client.js';
import { readContract } from '../../../api/support/contract.js';
import type { Person } from '../../../api/support/people.js';
import { type PayServerProcess, startPayServer } from '../../../support/server-process.js';
import { type EventReader, openReader } from './event-reader.js';

/** A server process with a client for requests and connections of their own for streams. */
export interface LiveServer extends Client {
  readonly process: PayServerProcess;
  readonly dataDir: string;
  openStream(person: Pick<Person, 'token'>, lastEventId?: string): Promise<EventReader>;
}

export async function makeDataDir(t: ExecutionContext<unknown>): Promise<string> {
  const dataDir = await mkdtemp(join(tmpdir(), 'pay-events-'));
  t.teardown(() => rm(dataDir, { recursive: true, force: true }));
  return dataDir;
}

/** Starts a server that is gone at the end of the test. */
export async function startLiveServer(t: ExecutionContext<unknown>, dataDir: string): Promise<LiveServer> {
  const server = await startPayServer(dataDir);
  const ca = await readFile(join(dataDir, 'tls.crt'), 'utf8');
  const { url } = server;
  const client = makeClient({ url, ca, contract: await readContract(url, ca) });
  // Each stream keeps its connection for itself.
  const dispatcher = new Agent({ connect: { ca } });
  t.teardown(async () => {
    await dispatcher.destroy();
    await client.close();
    await server.stop();
  });
  return {
    ...client,
    process: server,
    dataDir,
    openStream: ({ token }, lastEventId) => openReader({ url, dispatcher, token, lastEventId }),
  };
}
