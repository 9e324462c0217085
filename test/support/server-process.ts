import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const payServer = join(import.meta.dirname, '../../../bin/pay-server');

export interface ServerProcess {
  readonly url: string;
  /** The line on stdout that said so. */
  readonly readyLine: string;
  readonly child: ChildProcess;
  /** What it has written to stderr so far. */
  log(): string;
  /** Asks it to end and gives its exit status; null where a signal ended it. */
  stop(): Promise<number | null>;
}

export interface PayServerProcess extends ServerProcess {
  /** SHA-256 of its public key, as it says on stderr. */
  readonly fingerprint: string;
}

/** Whatever a test itself was started with must not reach the server. */
function environmentFor(extra: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('PAY_'));
  return { ...Object.fromEntries(inherited), ...extra };
}

async function whenReady(child: ChildProcess, log: () => string): Promise<{ line: string; url: string }> {
  let said = '';
  const ready = new Promise<{ line: string; url: string }>((resolve) => {
    child.stdout?.on('data', (chunk: Buffer) => {
      said += String(chunk);
      const [line, url] = /^.* ready (https:\/\/\S+)$/m.exec(said) ?? [];
      if (line !== undefined && url !== undefined) {
        resolve({ line, url });
      }
    });
  });
  const ended = once(child, 'close').then(([status]) => {
    throw new Error(`The server ended with status ${status} before it was ready: ${log()}`);
  });
  return Promise.race([ready, ended]);
}

/** Starts a Node program in a process of its own and waits for its line `… ready https://…`. */
export async function startProcess(
  program: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<ServerProcess> {
  const child = spawn(process.execPath, [program, ...args], {
    env: environmentFor(environment),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const errors: Buffer[] = [];
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
  const log = () => Buffer.concat(errors).toString();
  const { line, url } = await whenReady(child, log);
  return {
    url,
    readyLine: line,
    child,
    log,
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGTERM');
        await once(child, 'close');
      }
      return child.exitCode;
    },
  };
}

/** Starts `pay-server` on free ports, its limits of rate off, and waits until it says that it is ready. */
export async function startPayServer(
  dataDir: string,
  options: {
    readonly flags?: readonly string[];
    readonly environment?: Readonly<Record<string, string>>;
  } = {},
): Promise<PayServerProcess> {
  const server = await startProcess(
    payServer,
    ['start', '--data', dataDir, '--port', '0', '--time-port', '0', ...(options.flags ?? [])],
    { PAY_RATE_LIMITS: 'off', ...options.environment },
  );
  const fingerprint = /SHA256:\S+/.exec(server.log())?.[0] ?? '';
  return { ...server, fingerprint };
}
