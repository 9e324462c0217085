import assert from 'node:assert';
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { provideDatabase } from './engine.js';
import { newDataFolder } from './first-start.js';

const ownBin = join(import.meta.dirname, '../../../bin');

/** One of the package's programs in a process of its own, ready. */
export interface ProgramProcess {
  readonly process: ChildProcess;
  /** The line on stdout that said that it was ready, and what it named there. */
  readonly readyLine: string;
  readonly address: string;
  /** Its exit status, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
  /** What it has written to stderr so far. */
  stderr(): string;
  /** Asks it to end; gives its exit status, or the signal that ended it. */
  stop(): Promise<number | NodeJS.Signals>;
  /** Ends it as the power would. */
  kill(): Promise<void>;
}

export interface ProgramOptions {
  /** The folder of the programs; by default that of this checkout. */
  readonly bin?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Where stderr goes, as a file descriptor, instead of to `stderr()`. */
  readonly log?: number;
  /** For Node itself, before the program. */
  readonly nodeFlags?: readonly string[];
}

/** Whatever a test itself was started with must not reach the server. */
function environmentFor(extra: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('PAY_'));
  return { ...Object.fromEntries(inherited), ...extra };
}

/** Starts one of the programs in bin and waits until it says that it is ready. */
async function startProgram(
  name: string,
  words: readonly string[],
  { bin = ownBin, environment = {}, log, nodeFlags = [] }: ProgramOptions,
): Promise<ProgramProcess> {
  const child = spawn(process.execPath, [...nodeFlags, join(bin, name), ...words], {
    env: environmentFor(environment),
    stdio: ['ignore', 'pipe', log ?? 'pipe'],
  });
  // Also where the test ends before it has come to stop it.
  const killNow = () => child.kill('SIGKILL');
  process.once('exit', killNow);
  const ended = once(child, 'close').then(([status, signal]) => {
    process.off('exit', killNow);
    return status ?? signal;
  });
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text) => {
    stderr += text;
  });
  const lines = createInterface({ input: child.stdout ?? assert.fail() });
  const readyLine = String(await Promise.race([once(lines, 'line').then(([line]) => line), ended]));
  const address = /^\S+ ready (\S+)$/.exec(readyLine)?.[1];
  if (address === undefined) {
    killNow();
    throw new Error(`${name} did not get ready (${readyLine}): ${stderr}`);
  }
  const end = (signal: NodeJS.Signals) => {
    child.kill(signal);
    return ended;
  };
  return {
    process: child,
    readyLine,
    address,
    ended,
    stderr: () => stderr,
    stop: () => end('SIGTERM'),
    kill: async () => void (await end('SIGKILL')),
  };
}

export interface PayServerOptions extends ProgramOptions {
  /** A folder that is there already and outlives the server; by default a new data folder that ends with it. */
  readonly dataDir?: string;
  /** By default a free one. */
  readonly port?: string;
  /** `host:port` of a timestamp service; without it, the server has its own. */
  readonly timeAddress?: string | undefined;
  readonly flags?: readonly string[];
}

export interface PayServerProcess extends ProgramProcess {
  readonly url: string;
  readonly dataDir: string;
  /** SHA-256 of its public key, as it says on stderr. */
  readonly fingerprint: string;
}

async function fingerprintOf(dataDir: string): Promise<string> {
  const { publicKey } = new X509Certificate(await readFile(join(dataDir, 'tls.crt')));
  const key = publicKey.export({ type: 'spki', format: 'der' });
  return `SHA256:${createHash('sha256').update(key).digest('base64').replaceAll('=', '')}`;
}

/** Starts `pay-server` on free ports, its limits of rate off. */
export async function startPayServer(options: PayServerOptions = {}): Promise<PayServerProcess> {
  const { port = '0', timeAddress, flags = [] } = options;
  const dataDir = options.dataDir ?? (await newDataFolder());
  const time = timeAddress === undefined ? ['--time-port', '0'] : ['--time-address', timeAddress];
  const database = await provideDatabase(dataDir);
  const program = await startProgram(
    'pay-server',
    ['start', '--data', dataDir, '--port', port, ...time, ...flags],
    { ...options, environment: { PAY_RATE_LIMITS: 'off', ...database, ...options.environment } },
  );
  const ended = program.ended.then(async (status) => {
    if (options.dataDir === undefined) {
      await rm(dataDir, { recursive: true, force: true });
    }
    return status;
  });
  return {
    ...program,
    url: program.address,
    dataDir,
    fingerprint: await fingerprintOf(dataDir),
    ended,
    stop: () => program.stop().then(() => ended),
    kill: () =>
      program
        .kill()
        .then(() => ended)
        .then(() => undefined),
  };
}

/** Starts `pay-time`, by default on a free port. */
export function startPayTime(
  port = 0,
  flags: readonly string[] = [],
  environment: Readonly<Record<string, string>> = {},
): Promise<ProgramProcess> {
  return startProgram('pay-time', ['--port', String(port), ...flags], { environment });
}
