import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { root } from './run-pay.js';

export interface PayServer {
  readonly url: string;
  readonly fingerprint: string;
  stop(): Promise<void>;
}

/** A server that can be away for a while. */
export interface LastingPayServer extends PayServer {
  halt(): Promise<void>;
  /** Starts it again, at the same address with the same data. */
  resume(): Promise<void>;
}

async function lineOf(stream: Readable, pattern: RegExp): Promise<string> {
  let seen = '';
  for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
    seen += String(chunk);
    const found = pattern.exec(seen)?.[1];
    if (found !== undefined) {
      return found;
    }
  }
  throw new Error(`pay-server ended before it was ready: ${seen}`);
}

type Environment = Readonly<Record<string, string>>;

async function startProcess(data: string, port: string, more: Environment): Promise<PayServer> {
  const child = spawn(
    process.execPath,
    [join(root, 'bin/pay-server'), 'start', '--data', data, '--port', port, '--time-port', '0'],
    { env: { PATH: process.env.PATH, PAY_RATE_LIMITS: 'off', ...more }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const [url, fingerprint] = await Promise.all([
    lineOf(child.stdout, /ready (https:\S+)/),
    lineOf(child.stderr, /(SHA256:\S+)/),
  ]);
  // What it logs on has to go somewhere, or it would wait for a reader.
  const rest = Promise.all([text(child.stdout), text(child.stderr)]);
  return {
    url,
    fingerprint,
    async stop() {
      const exit = once(child, 'exit');
      child.kill('SIGTERM');
      await exit;
      await rest;
    },
  };
}

/** The real server in a process of its own, on a data folder of its own. */
export async function startPayServer(environment: Environment = {}): Promise<LastingPayServer> {
  const data = await mkdtemp(join(tmpdir(), 'pay-cli-server-'));
  const first = await startProcess(data, '0', environment);
  let running: PayServer | undefined = first;
  const halt = async () => {
    await running?.stop();
    running = undefined;
  };
  return {
    url: first.url,
    fingerprint: first.fingerprint,
    halt,
    async resume() {
      running = await startProcess(data, new URL(first.url).port, environment);
    },
    async stop() {
      await halt();
      await rm(data, { recursive: true, force: true });
    },
  };
}
