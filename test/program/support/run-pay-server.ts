import { createRequire } from 'node:module';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import type { ExecutionContext } from 'ava';
import type { ServerCommandContext } from '../../../server/program/command/server-command.js';
import type * as program from '../../../server/program/pay-server.js';
import { payServer, startChild } from '../../db/support/processes.js';

export interface Ran {
  /** Its exit status, or the signal that ended it. */
  readonly status: number | NodeJS.Signals;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command of pay-server, run to its end in a process of its own. */
export async function runPayServer(t: ExecutionContext, args: readonly string[], input = ''): Promise<Ran> {
  const child = startChild(t, process.execPath, [payServer, ...args]);
  let stdout = '';
  child.process.stdout?.setEncoding('utf8').on('data', (text) => {
    stdout += text;
  });
  child.process.stdin?.end(input);
  const status = await child.ended;
  return { status, stdout, stderr: child.stderr() };
}

/** The program as it is bundled for bin/pay-server: it is there in a third of the time that its modules take. */
function loadProgram(): typeof program {
  const bundles = join(import.meta.dirname, '../../../../bin/bundle.cjs');
  return createRequire(import.meta.url)(bundles).loadBundle('pay-server');
}

let loaded: typeof program | undefined;

let running = 0;
let usualMask = 0;

/** Does what changes the mask of new files of this process; once all is done that does, the mask is what it was. */
async function keepingMask<Result>(act: () => Promise<Result>): Promise<Result> {
  usualMask = running === 0 ? process.umask() : usualMask;
  running += 1;
  try {
    return await act();
  } finally {
    running -= 1;
    if (running === 0) {
      process.umask(usualMask);
    }
  }
}

/** What a service manager gives a command, beside settings. */
const bareEnvironment: Readonly<Record<string, string>> = { PATH: process.env.PATH ?? '' };

interface InsideOptions {
  readonly input?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Who asks it to stop; by default nobody does. */
  readonly stopAsked?: ServerCommandContext['stopAsked'];
}

/**
 * A command of pay-server, run to its end in this process, with no settings in its environment but those given: for what it says and
 * does. What a process is (signals, its end, what it holds until then) is proven by those that run one.
 */
export async function runPayServerInside(
  args: readonly string[],
  { input = '', environment = {}, stopAsked = () => new Promise(() => {}) }: InsideOptions = {},
): Promise<Ran & { readonly status: number }> {
  let stdout = '';
  const [stdin, stderr] = [new PassThrough(), new PassThrough()];
  stdin.end(input);
  const context: ServerCommandContext = {
    stdin: stdin as unknown as NodeJS.ReadStream,
    stdout: {
      write(text: string) {
        stdout += text;
      },
    },
    stderr,
    environment: { ...bareEnvironment, ...environment },
    stopAsked,
  };
  loaded ??= loadProgram();
  const { runPayServer: runCommand } = loaded;
  const status = await keepingMask(() => runCommand(args, context));
  return { status, stdout, stderr: stderr.read()?.toString() ?? '' };
}
