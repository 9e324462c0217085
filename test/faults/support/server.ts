import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { ExecutionContext } from 'ava';

const bin = join(import.meta.dirname, '../../../../bin');

export interface Program {
  readonly process: ChildProcess;
  /** What came after "ready" in the line that says so. */
  readonly address: string;
  /** Its exit status, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
  /** What it wrote to stderr so far. */
  stderr(): string;
}

export interface Server extends Program {
  readonly url: string;
  readonly data: string;
}

export async function makeFolder(t: ExecutionContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'pay-faults-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

interface ProgramOptions {
  /** Where stderr goes, as a file descriptor, instead of to `stderr()`. */
  readonly log?: number;
  readonly env?: NodeJS.ProcessEnv;
}

async function firstLine({ stdout }: ChildProcess): Promise<string> {
  if (!stdout) {
    throw new Error('the program has no stdout');
  }
  const [line] = await once(createInterface({ input: stdout }), 'line');
  return String(line);
}

/** Starts one of the programs and waits until it says that it is ready; it is gone at the end of the test. */
async function startProgram(
  t: ExecutionContext,
  name: string,
  args: readonly string[],
  { env, log }: ProgramOptions = {},
): Promise<Program> {
  const options: SpawnOptions = {
    stdio: ['ignore', 'pipe', log ?? 'pipe'],
    env: { ...process.env, PAY_RATE_LIMITS: 'off', ...env },
  };
  const child = spawn(process.execPath, [join(bin, name), ...args], options);
  const ended = once(child, 'close').then(([status, signal]) => status ?? signal);
  t.teardown(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text) => {
    stderr += text;
  });
  const first = await Promise.race([firstLine(child), ended]);
  const address = /^\S+ ready (\S+)$/.exec(String(first))?.[1];
  if (address === undefined) {
    throw new Error(`${name} did not get ready (${first}): ${stderr}`);
  }
  return { process: child, address, ended, stderr: () => stderr };
}

export interface ServerOptions extends ProgramOptions {
  /** `host:port` of a timestamp service; without it, the server has its own. */
  readonly timeAddress?: string;
}

/** `pay-server start` on a data folder, ready to take payments. */
export async function startServer(
  t: ExecutionContext,
  data: string,
  { timeAddress, ...options }: ServerOptions = {},
): Promise<Server> {
  const time = timeAddress === undefined ? ['--time-port', '0'] : ['--time-address', timeAddress];
  const args = ['start', '--data', data, '--port', '0', ...time];
  const program = await startProgram(t, 'pay-server', args, options);
  return { ...program, url: program.address, data };
}

/** `pay-time`; gives its `host:port`. */
export function startTime(t: ExecutionContext, port = 0): Promise<Program> {
  return startProgram(t, 'pay-time', ['--port', String(port)]);
}

/** Ends a server as the power would. */
export async function kill(program: Program): Promise<void> {
  program.process.kill('SIGKILL');
  await program.ended;
}

/** Asks a server to stop; gives its exit status. */
export function stop(program: Program): Promise<number | NodeJS.Signals> {
  program.process.kill('SIGTERM');
  return program.ended;
}
