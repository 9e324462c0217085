import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { type Client, makeClient } from '../../../api/support/client.js';
import { readContract } from '../../../api/support/contract.js';
import { type PayServerProcess, startPayServer } from '../../../support/server-process.js';

export interface WebhookServer extends Client {
  readonly process: PayServerProcess;
  /** Asks it to end and gives its exit status; null where it was killed. */
  stop(): Promise<number | null>;
  /** Ends it as the power would. */
  kill(): Promise<void>;
}

export async function makeFolder(t: ExecutionContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'pay-webhooks-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** The real server in a process of its own; by default one that lets webhooks lead to this machine. */
export async function startServer(
  t: ExecutionContext,
  dataDir: string,
  environment: Readonly<Record<string, string>> = { PAY_WEBHOOKS_PRIVATE: 'true' },
): Promise<WebhookServer> {
  const process = await startPayServer(dataDir, { environment });
  const ca = await readFile(join(dataDir, 'tls.crt'), 'utf8');
  const client = makeClient({ url: process.url, ca, contract: await readContract(process.url, ca) });
  let stopping: Promise<number | null> | undefined;
  const stop = async () => {
    await client.close();
    return process.stop();
  };
  const server: WebhookServer = {
    ...client,
    process,
    stop() {
      stopping ??= stop();
      return stopping;
    },
    async kill() {
      const closed = once(process.child, 'close');
      process.child.kill('SIGKILL');
      await closed;
    },
  };
  t.teardown(() => server.stop());
  return server;
}
