import type { ExecutionContext } from 'ava';
import { type ApiServer, startServer as startApiServer } from '../../../api/support/api-server.js';

/** The real server, gone at the end of the test; by default one that lets webhooks lead to this machine. */
export async function startServer(
  t: ExecutionContext,
  dataDir: string,
  environment: Readonly<Record<string, string>> = { PAY_WEBHOOKS_PRIVATE: 'true' },
): Promise<ApiServer> {
  const server = await startApiServer({ dataDir, environment });
  t.teardown(() => server.stop());
  return server;
}
