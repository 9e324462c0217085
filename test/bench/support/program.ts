import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as after } from 'node:timers/promises';
import type { Ending } from './ending.js';

export const payServer = join(import.meta.dirname, '../../../../bin/pay-server');

const readyWithinMs = 120_000;
const endedWithinMs = 20_000;

export interface Program {
  readonly url: string;
  readonly pid: number;
  /** From its start until it said that it was ready. */
  readonly readyMs: number;
  stop(): Promise<void>;
}

/** Nothing of the environment that is meant for a server of the user's own. */
export function plainEnvironment(extra: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('PAY_'));
  return { ...Object.fromEntries(inherited), ...extra };
}

/** Asks a process to end, and ends it where it does not. */
export async function stopProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) {
    return;
  }
  const closed = once(child, 'close');
  child.kill('SIGTERM');
  const patience = setTimeout(() => child.kill('SIGKILL'), endedWithinMs);
  await closed;
  clearTimeout(patience);
}

async function urlOf(child: ChildProcess, logPath: string): Promise<string> {
  if (child.stdout) {
    for await (const line of createInterface({ input: child.stdout })) {
      const [, url] = / ready (https:\/\/\S+)$/.exec(line) ?? [];
      if (url !== undefined) {
        return url;
      }
    }
  }
  throw new Error(`It ended before it was ready: ${readFileSync(logPath, 'utf8').slice(-2_000)}`);
}

/** Starts a Node program that says `… ready https://…`. Its log goes into a file, as that of a service would. */
export async function startProgram(
  ending: Ending,
  logPath: string,
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Program> {
  const log = openSync(logPath, 'a', 0o600);
  const startedMs = performance.now();
  const child = spawn(process.execPath, words, {
    env: plainEnvironment(environment),
    stdio: ['ignore', 'pipe', log],
  });
  closeSync(log);
  const stop = () => stopProcess(child);
  ending.later(stop);
  const tooLate = after(readyWithinMs, undefined, { ref: false }).then(() => {
    throw new Error(`${words[0]} is not ready after ${readyWithinMs / 1000} s.`);
  });
  const url = await Promise.race([urlOf(child, logPath), tooLate]);
  return { url, pid: child.pid ?? 0, readyMs: performance.now() - startedMs, stop };
}

/** Starts `pay-server` on free ports of 127.0.0.1, its limits of rate off where nothing else is said. */
export async function startPay(
  ending: Ending,
  folder: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<Program> {
  const words = [
    payServer,
    'start',
    '--data',
    folder,
    '--host',
    '127.0.0.1',
    '--port',
    '0',
    '--time-port',
    '0',
  ];
  return startProgram(ending, join(folder, 'bench.log'), words, {
    PAY_RATE_LIMITS: 'off',
    ...environment,
  });
}

/** Starts the reference, a bare Koa server, with the certificate in the data folder of a `pay-server`. */
export async function startEcho(ending: Ending, folder: string): Promise<Program> {
  const program = join(import.meta.dirname, 'echo-server.js');
  const words = [program, join(folder, 'tls.crt'), join(folder, 'tls.key')];
  return startProgram(ending, join(folder, 'echo.log'), words);
}
