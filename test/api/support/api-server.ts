import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestFn } from 'ava';
import { type Client, makeClient } from './client.js';
import { readContract } from './contract.js';

const program = join(import.meta.dirname, '../../../../bin/pay-server');

export interface ServerOptions {
  /** A folder that is there already and outlives the server; by default a new one that does not. */
  readonly dataDir?: string;
  readonly flags?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

/** A server in a process of its own, and the way to talk to it. */
export interface ApiServer extends Client {
  readonly dataDir: string;
  /** What it has written to stderr so far. */
  log(): string;
  /** Asks it to end and gives its exit status. */
  stop(): Promise<number | null>;
}

/** Whatever the tests themselves were started with must not reach the server. */
function environmentFor(extra: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('PAY_'));
  return { ...Object.fromEntries(inherited), PAY_RATE_LIMITS: 'off', ...extra };
}

async function whenReady(child: ChildProcess, log: () => string): Promise<string> {
  let said = '';
  const ready = new Promise<string>((resolve) => {
    child.stdout?.on('data', (chunk: Buffer) => {
      said += String(chunk);
      const url = /^pay-server ready (https:\/\/\S+)\n/m.exec(said)?.[1];
      if (url !== undefined) {
        resolve(url);
      }
    });
  });
  const ended = once(child, 'close').then(([status]) => {
    throw new Error(`The server ended with status ${status} before it was ready: ${log()}`);
  });
  return Promise.race([ready, ended]);
}

/** Starts `pay-server` on free ports and waits until it says that it is ready. */
export async function startServer(options: ServerOptions = {}): Promise<ApiServer> {
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'pay-api-')));
  const flags = ['--data', dataDir, '--port', '0', '--time-port', '0', ...(options.flags ?? [])];
  const child = spawn(process.execPath, [program, 'start', ...flags], {
    env: environmentFor(options.environment),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const errors: Buffer[] = [];
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
  const log = () => Buffer.concat(errors).toString();
  const url = await whenReady(child, log);
  const ca = await readFile(join(dataDir, 'tls.crt'), 'utf8');
  const client = makeClient({ url, ca, contract: await readContract(url, ca) });

  let stopping: Promise<number | null> | undefined;

  return {
    ...client,
    dataDir,
    log,
    stop: () => {
      stopping ??= stop();
      return stopping;
    },
  };

  async function stop(): Promise<number | null> {
    await client.close();
    if (child.exitCode === null) {
      child.kill('SIGTERM');
      await once(child, 'close');
    }
    if (options.dataDir === undefined) {
      await rm(dataDir, { recursive: true, force: true });
    }
    return child.exitCode;
  }
}

/** One server for the tests of a file: started before the first of them, stopped after the last. */
export function serverForFile(test: TestFn<unknown>, options: ServerOptions = {}): () => ApiServer {
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
