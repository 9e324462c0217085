import assert from 'node:assert';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestFn } from 'ava';
import { engine } from '../../support/engine.js';
import {
  type PayServerOptions,
  type PayServerProcess,
  startPayServer,
} from '../../support/server-process.js';
import { type Client, makeClient } from './client.js';
import { readContract } from './contract.js';

/** A server in a process of its own, and the way to talk to it. */
export interface ApiServer
  extends Client,
    Pick<PayServerProcess, 'dataDir' | 'process' | 'stderr' | 'stop' | 'kill'> {}

/** A server that test files use at the same time: no test may depend on who else is there, nor change what others meet. */
export type SharedServer = Client & Pick<ApiServer, 'dataDir'>;

async function makeClientOf(url: string, dataDir: string): Promise<Client> {
  const ca = await readFile(join(dataDir, 'tls.crt'), 'utf8');
  return makeClient({ url, ca, contract: await readContract(url, ca) });
}

/** Starts `pay-server`, with a client that holds each answer against the contract. */
export async function startServer(options: PayServerOptions = {}): Promise<ApiServer> {
  const { url, dataDir, process, stderr, stop, kill } = await startPayServer(options);
  const client = await makeClientOf(url, dataDir);
  let closed: Promise<void> | undefined;
  return {
    ...client,
    dataDir,
    process,
    stderr,
    kill,
    async stop() {
      closed ??= client.close();
      await closed;
      return stop();
    },
  };
}

/** One server for the tests of a file: started before the first of them, stopped after the last. */
export function serverForFile(test: TestFn<unknown>, options: PayServerOptions = {}): () => ApiServer {
  let server: ApiServer | undefined;
  test.serial.before('the server starts', async () => {
    server = await startServer(options);
  });
  test.after.always('the server stops', async (t) => {
    t.is(await server?.stop(), 0);
  });
  return () => {
    if (server === undefined) {
      throw new Error('There is no server before the first test.');
    }
    return server;
  };
}

/**
 * The server that `npm test` started for the files that need none of their own, without flags; one for this file where it runs alone
 * or on PostgreSQL.
 */
export function sharedServer(test: TestFn<unknown>): () => SharedServer {
  const { TEST_PAY_SERVER: url, TEST_PAY_SERVER_DATA: dataDir } = process.env;
  if (url === undefined || dataDir === undefined || engine !== 'SQLite') {
    return serverForFile(test);
  }
  let server: SharedServer | undefined;
  test.serial.before('the server is there', async () => {
    server = { ...(await makeClientOf(url, dataDir)), dataDir };
  });
  test.after.always('its connections are closed', () => server?.close());
  return () => {
    assert(server !== undefined, 'There is no server before the first test.');
    return server;
  };
}
