import { rm } from 'node:fs/promises';
import { newDataFolder } from '../../support/first-start.js';
import { type PayServerProcess, startPayServer as startProcess } from '../../support/server-process.js';

export interface PayServer {
  readonly url: string;
  readonly fingerprint: string;
  stop(): Promise<unknown>;
}

/** A server that can be away for a while. */
export interface LastingPayServer extends PayServer {
  halt(): Promise<void>;
  /** Starts it again, at the same address with the same data. */
  resume(): Promise<void>;
  /** Keeps it from answering, with its connections as they are, until it is let go on. */
  freeze(): void;
  letGoOn(): void;
}

/** The real server in a process of its own, on a data folder of its own. */
export async function startPayServer(
  environment: Readonly<Record<string, string>> = {},
): Promise<LastingPayServer> {
  const dataDir = await newDataFolder();
  const first = await startProcess({ dataDir, environment });
  let running: PayServerProcess | undefined = first;
  const halt = async () => {
    await running?.stop();
    running = undefined;
  };
  return {
    url: first.url,
    fingerprint: first.fingerprint,
    halt,
    freeze: () => void running?.process.kill('SIGSTOP'),
    letGoOn: () => void running?.process.kill('SIGCONT'),
    async resume() {
      running = await startProcess({ dataDir, environment, port: new URL(first.url).port });
    },
    async stop() {
      await halt();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
