import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestFn } from 'ava';
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

/** Starts `pay-server`, with a client that holds each answer against the contract. */
export async function startServer(options: PayServerOptions = {}): Promise<ApiServer> {
  const { url, dataDir, process, stderr, stop, kill } = await startPayServer(options);
  const ca = await readFile(join(dataDir, 'tls.crt'), 'utf8');
  const client = makeClient({ url, ca, contract: await readContract(url, ca) });
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
