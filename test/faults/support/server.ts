import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import {
  type PayServerOptions,
  type PayServerProcess,
  type ProgramProcess,
  startPayServer,
  startPayTime,
} from '../../support/server-process.js';

export async function makeFolder(t: ExecutionContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'pay-faults-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** `pay-server start` on a data folder, ready to take payments; gone at the end of the test. */
export async function startServer(
  t: ExecutionContext,
  dataDir: string,
  options: Omit<PayServerOptions, 'dataDir'> = {},
): Promise<PayServerProcess> {
  const server = await startPayServer({ ...options, dataDir });
  t.teardown(() => server.kill());
  return server;
}

/** `pay-time`, gone at the end of the test. */
export async function startTime(t: ExecutionContext, port = 0): Promise<ProgramProcess> {
  const time = await startPayTime(port);
  t.teardown(() => time.kill());
  return time;
}
